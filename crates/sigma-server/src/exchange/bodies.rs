//! Bodies that are not here yet. They are bounded over all and for each address, so that one who sends
//! many by halves holds up nobody else.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Counts the bodies that are being read.
#[derive(Debug)]
pub(crate) struct Bodies {
    most: usize,
    of_one: usize,
    under_way: Mutex<UnderWay>,
}

#[derive(Debug, Default)]
struct UnderWay {
    all: usize,
    by_source: BTreeMap<IpAddr, usize>,
}

/// Room for one body. Dropping it gives the room up.
#[derive(Debug)]
pub(crate) struct Room<'a> {
    bodies: &'a Bodies,
    source: IpAddr,
}

impl Bodies {
    /// Room for `most` bodies at once, `of_one` of them from one address.
    pub(crate) fn new(most: usize, of_one: usize) -> Self {
        Self {
            most,
            of_one,
            under_way: Mutex::default(),
        }
    }

    /// Room for a body of an address; `None` where there is none.
    pub(crate) fn begin(&self, source: IpAddr) -> Option<Room<'_>> {
        let mut under_way = self.lock();
        let of_one = under_way.by_source.get(&source).copied().unwrap_or(0);
        if under_way.all >= self.most || of_one >= self.of_one {
            return None;
        }
        under_way.all += 1;
        under_way.by_source.insert(source, of_one + 1);
        Some(Room {
            bodies: self,
            source,
        })
    }

    fn lock(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        let mut under_way = self.bodies.lock();
        under_way.all -= 1;
        if let Some(count) = under_way.by_source.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                under_way.by_source.remove(&self.source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_all_the_room() {
        let bodies = Bodies::new(3, 2);
        let address = |n: u8| IpAddr::from([127, 0, 0, n]);
        let first = bodies.begin(address(1));
        let second = bodies.begin(address(1));
        assert!(first.is_some() && second.is_some());
        assert!(bodies.begin(address(1)).is_none());
        let third = bodies.begin(address(2));
        assert!(third.is_some(), "another address has room");
        assert!(bodies.begin(address(3)).is_none(), "all room is taken");
        drop(first);
        assert!(bodies.begin(address(1)).is_some());
        drop((second, third));
        assert!(bodies.lock().by_source.is_empty(), "nothing is left over");
    }
}
