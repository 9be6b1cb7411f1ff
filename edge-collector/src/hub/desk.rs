//! What a hub does: it lets watchers in, joins what the shards tell, and sends frames.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use passerby_analytics::live::{
    Asking, FRAME_EVERY_MS, Frame, Log, Missed, News, RENEW_EVERY_MS, Report, Room, WATCHED_MS, Watcher, close_code,
};
use passerby_analytics::outcome::RequestError;
use worker::{Date, Delay, Env, Result, State, WebSocket};

use super::shards;
use crate::cache::KEPT_MS;
use crate::{alarm, outcomes};

/// The tag of sockets on which somebody watches: there may come to be others.
const WATCHER: &str = "watcher";

/// The code with which a socket is closed whose watcher is to come back: nothing is wrong.
const COME_BACK: u16 = 1000;

/// The least time from one alarm to the next: how late a visitor may be gone, where nothing else happens.
const LEAST_ALARM_MS: i64 = 1000;

/// The code of a socket's end after which a client opens another (RFC 6455's registry: "service restart").
const COME_AGAIN: u16 = 1012;

/// A hub's memory. Until shards have answered nothing is told.
pub struct Desk {
    state: State,
    env: Env,
    room: RefCell<Room>,
    log: RefCell<Log>,
    asking: RefCell<Asking>,
    /// When shards were last told that somebody watches.
    told_ms: Cell<i64>,
    framed_ms: Cell<i64>,
    is_frame_due: Cell<bool>,
    /// When the alarm goes off, as far as this memory knows; one that nobody waits for any more does nothing.
    alarm_ms: Cell<i64>,
}

impl Desk {
    pub fn new(state: State, env: Env) -> Self {
        let log = RefCell::new(Log::starting(now_ms()));
        let (room, asking, is_frame_due) = (RefCell::default(), RefCell::default(), Cell::default());
        let [told_ms, framed_ms, alarm_ms] = [0, 0, i64::MAX].map(Cell::new);
        Self { state, env, room, log, asking, told_ms, framed_ms, is_frame_due, alarm_ms }
    }

    /// The sockets of those who watch.
    pub fn watchers(&self) -> Vec<WebSocket> {
        let is_open = |socket: &WebSocket| socket.as_ref().ready_state() == 1;
        self.state.get_websockets_with_tag(WATCHER).into_iter().filter(is_open).collect()
    }

    /// Lets a watcher in, and shows what there is; or what was missed, to one who comes back.
    pub fn enter(self: &Rc<Self>, socket: &WebSocket, watcher: &Watcher) -> Result<()> {
        self.state.accept_websocket_with_tags(socket, &[WATCHER]);
        socket.serialize_attachment(watcher)?;
        if self.is_answered() {
            self.greet(socket, watcher.clone());
        } else {
            self.frame_soon();
        }
        Ok(())
    }

    /// Joins a shard's report, which it made by what it was told then. Says whether somebody watches.
    pub fn take(self: &Rc<Self>, told_ms: i64, report: Report) -> bool {
        if self.watchers().is_empty() {
            return false;
        }
        if self.asking.borrow().counts(told_ms) {
            self.room.borrow_mut().take(report);
            self.frame_soon();
        }
        true
    }

    fn is_answered(&self) -> bool {
        self.asking.borrow().is_answered()
    }

    /// Forgets all that is known: somebody was erased from it. Watchers are shown what the shards have now. Idempotent.
    pub fn forget(self: &Rc<Self>) {
        self.asking.borrow_mut().forget(now_ms());
        self.room.take();
        let seq = self.log.borrow().seq() as i64;
        *self.log.borrow_mut() = Log::starting(now_ms().max(seq + 1));
        if !self.watchers().is_empty() {
            self.frame_soon();
        }
    }

    /// Tells the shards again that somebody watches, when it is time to, and watchers who is no longer there. Nothing is
    /// lost where it is done twice.
    pub async fn renew(self: &Rc<Self>) {
        self.alarm_ms.set(i64::MAX);
        for socket in self.watchers().iter().filter(|socket| of(socket).is_over(now_ms())) {
            close(socket, COME_BACK, "come_back");
        }
        if self.watchers().is_empty() {
            return;
        }
        if !self.is_answered() || now_ms() >= self.told_ms.get() + RENEW_EVERY_MS {
            self.ask_shards().await;
        }
        self.frame();
    }

    /// Takes note of what a watcher says.
    pub fn hear(self: &Rc<Self>, socket: &WebSocket, text: Option<&str>) {
        let mut watcher = of(socket);
        let heard = watcher.hear(text, now_ms());
        keep(socket, &watcher);
        if let Err(error) = heard {
            send(socket, &Frame::Refused { reason: error.label(), title: error.title() }.json());
            self.refuse(socket, &watcher, error);
        }
    }

    /// A watcher has gone. After the last one the shards are told that nobody watches.
    pub async fn leave(&self, socket: &WebSocket) {
        // The other end waits for this to be said back; where it broke off, there is nobody to say it to.
        let _ = socket.close(Some(1000), Some(""));
        if self.watchers().iter().any(|other| other != socket) {
            return;
        }
        let told_ms = now_ms();
        self.asking.borrow_mut().forget(told_ms);
        self.room.take();
        self.alarm_ms.set(i64::MAX);
        if let Err(problem) = shards::tell(&self.env, &of(socket).site, told_ms, told_ms, false).await {
            worker::console_error!("shards go on reporting for a while: {problem:?}");
        }
    }

    /// Sends all watchers away: whoever still has a good key comes back. And once more when no isolate can be left that lets in
    /// whom it knew before.
    pub fn dismiss(self: &Rc<Self>) {
        self.send_away();
        let desk = Rc::clone(self);
        self.state.wait_until(async move {
            Delay::from(Duration::from_millis(2 * KEPT_MS.unsigned_abs())).await;
            desk.send_away();
        });
    }

    fn send_away(&self) {
        for socket in self.watchers() {
            if let Err(failed) = socket.close(Some(COME_AGAIN), Some("come again")) {
                worker::console_error!("a watcher was not sent away: {failed}");
            }
        }
    }

    /// Sends a frame as soon as it is time for one.
    fn frame_soon(self: &Rc<Self>) {
        if self.is_frame_due.replace(true) {
            return;
        }
        let desk = Rc::clone(self);
        let wait_ms = (self.framed_ms.get() + FRAME_EVERY_MS - now_ms()).max(0);
        self.state.wait_until(async move {
            if wait_ms > 0 {
                Delay::from(Duration::from_millis(wait_ms.unsigned_abs())).await;
            }
            if !desk.is_answered() {
                desk.ask_shards().await;
            }
            desk.is_frame_due.set(false);
            desk.frame();
        });
    }

    /// Tells all shards that somebody watches, and joins what they have, where this is all that is known of it; once more where
    /// all was forgotten meanwhile.
    async fn ask_shards(&self) {
        while let Some(socket) = self.watchers().into_iter().next() {
            let (told_ms, asked) = (now_ms(), self.asking.borrow().ask());
            let told = shards::tell(&self.env, &of(&socket).site, told_ms, told_ms + WATCHED_MS, asked.whole).await;
            self.told_ms.set(told_ms);
            match told {
                Ok((reports, failed)) => {
                    if !self.asking.borrow_mut().answered(asked, failed.is_empty()) {
                        continue;
                    }
                    let mut room = self.room.borrow_mut();
                    reports.into_iter().for_each(|report| room.take(report));
                    room.fail(failed);
                }
                // The site was deleted.
                Err(problem) if problem.error == RequestError::UnknownSite => {
                    let code = close_code(problem.error);
                    self.watchers().iter().for_each(|socket| close(socket, code, problem.error.label()));
                }
                Err(problem) => worker::console_error!("shards were not told that somebody watches: {problem:?}"),
            }
            return;
        }
    }

    /// Sets the alarm for when shards are to be told again, or a visitor will be gone, whichever comes first. Visitors come for
    /// five minutes, so this is about those of whom a shard hears late: else the alarm that is set is early enough.
    fn plan(self: &Rc<Self>) {
        let tell_ms = self.told_ms.get() + RENEW_EVERY_MS;
        let next_ms = self.room.borrow().next_expiry_ms().map_or(tell_ms, |expiry_ms| expiry_ms.min(tell_ms));
        let next_ms = next_ms.max(now_ms() + LEAST_ALARM_MS);
        if next_ms < self.alarm_ms.replace(next_ms.min(self.alarm_ms.get())) {
            let desk = Rc::clone(self);
            self.state.wait_until(async move {
                if let Err(error) = alarm::set(&desk.state, next_ms).await {
                    worker::console_error!("a hub's alarm was not set: {error}");
                    desk.alarm_ms.set(i64::MAX);
                }
            });
        }
    }

    /// Sends what is different since the last frame to everybody. Awaits nothing, so frames keep their order.
    fn frame(self: &Rc<Self>) {
        if self.is_answered() {
            self.send_news();
        }
        if !self.watchers().is_empty() {
            self.plan();
        }
    }

    fn send_news(self: &Rc<Self>) {
        let at_ms = now_ms();
        let (mut room, mut log) = (self.room.borrow_mut(), self.log.borrow_mut());
        let text = match room.frame(at_ms) {
            None => return,
            Some(News::Changes(changes)) => log.push(|seq| Frame::Changes { seq, at_ms, changes: &changes }.json()),
            Some(News::All(scene)) => {
                *log = Log::starting(at_ms.max(log.seq() as i64 + 1));
                Frame::Scene { seq: log.seq(), at_ms, scene }.json().into()
            }
        };
        self.framed_ms.set(at_ms);
        for socket in self.watchers() {
            self.send(&socket, &mut of(&socket), log.seq(), &text);
        }
    }

    fn greet(self: &Rc<Self>, socket: &WebSocket, mut watcher: Watcher) {
        let log = self.log.borrow();
        match log.since(watcher.seq) {
            Missed::Frames(frames) => {
                frames.iter().for_each(|frame| self.send(socket, &mut watcher, log.seq(), frame));
            }
            Missed::Unknown => {
                if let Some(scene) = self.room.borrow().scene() {
                    let frame = Frame::Scene { seq: log.seq(), at_ms: now_ms(), scene };
                    self.send(socket, &mut watcher, log.seq(), &frame.json());
                }
            }
        }
    }

    fn send(self: &Rc<Self>, socket: &WebSocket, watcher: &mut Watcher, seq: u64, frame: &str) {
        match watcher.send(seq, frame.len()) {
            Ok(()) => send(socket, frame),
            Err(error) => self.refuse(socket, watcher, error),
        }
        keep(socket, watcher);
    }

    /// Closes a watcher where that is what follows, and counts it.
    fn refuse(self: &Rc<Self>, socket: &WebSocket, watcher: &Watcher, error: RequestError) {
        if watcher.is_closed_for(error) {
            close(socket, close_code(error), error.label());
        }
        let (desk, site) = (Rc::clone(self), watcher.site.clone());
        self.state.wait_until(async move { outcomes::count_request(&desk.env, &site, error).await });
    }
}

/// What stands with a socket.
fn of(socket: &WebSocket) -> Watcher {
    socket.deserialize_attachment().ok().flatten().unwrap_or_default()
}

fn keep(socket: &WebSocket, watcher: &Watcher) {
    if let Err(error) = socket.serialize_attachment(watcher) {
        worker::console_error!("a watcher was not noted: {error}");
    }
}

fn close(socket: &WebSocket, code: u16, reason: &str) {
    if let Err(failed) = socket.close(Some(code), Some(reason)) {
        worker::console_error!("a watcher was not closed: {failed}");
    }
}

/// Sends to a socket. One that is closing is about to be left out anyway.
fn send(socket: &WebSocket, text: &str) {
    let _ = socket.send_with_str(text);
}

fn now_ms() -> i64 {
    Date::now().as_millis() as i64
}
