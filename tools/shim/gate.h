/*
 * Back pressure: a gate holds the connections whose stanzas pile up in a queue. They are not read,
 * so that TCP makes the peers wait, until the queue is short and the gate opens.
 */
#ifndef SHIM_GATE_H
#define SHIM_GATE_H

struct conn;

/* Zeroed memory is an open gate. */
struct gate {
    struct conn *held;
};

/* Stops reading the connection until the gate opens. A connection already held, here or at another
 * gate, stays there. */
void gate_hold(struct gate *gate, struct conn *conn);

/* Releases all. */
void gate_open(struct gate *gate);

/* Releases the connection, if it is held. */
void gate_release(struct conn *conn);

#endif
