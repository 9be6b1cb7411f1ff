//! What the command line says.

/// See `main.rs`.
#[derive(Clone, Debug)]
pub struct Options {
    /// `127.0.0.1:1234`.
    pub at: String,
    /// The path that batches go to.
    pub path: String,
    /// The site that they are of.
    pub site: String,
    /// As many batches are under way at a time, at the most.
    pub connections: u32,
    /// For how long new ones are sent.
    pub seconds: f64,
    /// Batches of each connection, however long that takes.
    pub batches: Option<u32>,
    /// Batches a second; as many as are answered, where it is not given.
    pub rate: Option<f64>,
    /// Tells the tabs of one run from those of another.
    pub run: u32,
    /// Batches that each tab sends before it is closed.
    pub batches_of_a_tab: u32,
    /// Tabs of a connection that are open at a time.
    pub open_tabs: u32,
    /// Whether answers say nothing: those of what only answers, for comparison.
    pub blind: bool,
    /// Whether what was refused is sent again at the end, until all is taken.
    pub settle: bool,
}

impl Options {
    /// Reads them, `--name value` each.
    pub fn read() -> Self {
        let mut options = Self {
            at: String::new(),
            path: "/e".to_owned(),
            site: "bench".to_owned(),
            connections: 32,
            seconds: 3.0,
            batches: None,
            rate: None,
            run: 0,
            batches_of_a_tab: 4,
            open_tabs: 16,
            blind: false,
            settle: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_else(|| panic!("{name} wants a value"));
            match name.as_str() {
                "--at" => options.at = value(),
                "--path" => options.path = value(),
                "--site" => options.site = value(),
                "--connections" => options.connections = value().parse().unwrap(),
                "--seconds" => options.seconds = value().parse().unwrap(),
                "--batches" => options.batches = Some(value().parse().unwrap()),
                "--rate" => options.rate = Some(value().parse().unwrap()),
                "--run" => options.run = value().parse().unwrap(),
                "--batches-of-a-tab" => options.batches_of_a_tab = value().parse().unwrap(),
                "--open-tabs" => options.open_tabs = value().parse().unwrap(),
                "--blind" => options.blind = true,
                "--settle" => options.settle = true,
                other => panic!("no option {other}"),
            }
        }
        options
    }
}
