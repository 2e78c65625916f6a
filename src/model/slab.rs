//! A store of short-lived items in reused slots, with handles that notice when their item is gone.

use super::whole;

/// Names an item of a [`Slab`]: its slot, and which of the slot's tenants it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    pub(super) slot: u32,
    serial: u32,
}

impl Handle {
    /// Names nothing.
    pub(super) const NONE: Handle = Handle { slot: u32::MAX, serial: 0 };
}

/// A slot and its last tenant, who is still there if the serial is odd.
#[derive(Debug)]
struct Slot<T> {
    serial: u32,
    item: T,
}

/// Items in reused slots.
#[derive(Debug)]
pub(super) struct Slab<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab::new()
    }
}

impl<T> Slab<T> {
    pub(super) fn new() -> Self {
        Slab { slots: Vec::new(), free: Vec::new() }
    }

    #[inline]
    pub(super) fn insert(&mut self, item: T) -> Handle {
        match self.free.pop() {
            Some(slot) => {
                let place = &mut self.slots[slot as usize];
                place.serial = place.serial.wrapping_add(1);
                place.item = item;
                Handle { slot, serial: place.serial }
            }
            None => {
                let slot = u32::try_from(self.slots.len()).expect("fewer than 2^32 items at a time");
                self.slots.push(Slot { serial: 1, item });
                Handle { slot, serial: 1 }
            }
        }
    }

    #[inline]
    pub(super) fn get(&self, handle: Handle) -> Option<&T> {
        let place = self.slots.get(handle.slot as usize)?;
        (place.serial == handle.serial).then_some(&place.item)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let place = self.slots.get_mut(handle.slot as usize)?;
        (place.serial == handle.serial).then_some(&mut place.item)
    }

    /// The item of a handle that is known to be current, to be looked at.
    #[inline]
    pub(super) fn see(&self, handle: Handle) -> &T {
        let place = &self.slots[handle.slot as usize];
        assert!(place.serial == handle.serial, "a current handle");
        &place.item
    }

    /// The item of a handle that is known to be current.
    #[inline]
    pub(super) fn live(&mut self, handle: Handle) -> &mut T {
        let place = &mut self.slots[handle.slot as usize];
        assert!(place.serial == handle.serial, "a current handle");
        &mut place.item
    }

    /// Makes every handle of the item but the one returned stale.
    #[inline]
    pub(super) fn renew(&mut self, handle: Handle) -> Handle {
        let place = &mut self.slots[handle.slot as usize];
        debug_assert_eq!(place.serial, handle.serial, "a current handle");
        place.serial = place.serial.wrapping_add(2);
        Handle { slot: handle.slot, serial: place.serial }
    }

    #[inline]
    pub(super) fn remove(&mut self, handle: Handle) {
        let place = &mut self.slots[handle.slot as usize];
        debug_assert_eq!(place.serial, handle.serial, "a current handle");
        place.serial = place.serial.wrapping_add(1);
        self.free.push(handle.slot);
    }

    /// Handles of all items, in slot order.
    pub(super) fn handles(&self) -> Vec<Handle> {
        let current = self.slots.iter().enumerate().filter(|(_, place)| place.serial % 2 == 1);
        current.map(|(slot, place)| Handle { slot: whole::count(slot), serial: place.serial }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_goes_stale_when_its_slot_is_reused_or_renewed() {
        let mut slab = Slab::new();
        let first = slab.insert('a');
        slab.remove(first);
        let second = slab.insert('b');
        assert_eq!(second.slot, first.slot);
        assert_eq!(slab.get(first), None);
        let third = slab.renew(second);
        assert_eq!(slab.get(second), None);
        assert_eq!(slab.get(third), Some(&'b'));
        assert_eq!(slab.handles(), vec![third]);
        assert_eq!(slab.get(Handle::NONE), None);
    }
}
