"""Pure decisions about slots and bookings."""
