/*
 * Those from whom nothing is read for now, because what they send piles up somewhere: TCP tells
 * them to wait. A gate opens when the pile is low.
 */
#ifndef SHIM_GATE_H
#define SHIM_GATE_H

struct conn;

/* All zero is an open gate. */
struct gate {
    struct conn *held;
};

/* Reads nothing more from that connection until the gate opens; one that is held already, here or
 * at another gate, stays there. */
void gate_hold(struct gate *gate, struct conn *conn);

/* Lets all go on. */
void gate_open(struct gate *gate);

/* Lets this one go on, if it is held. */
void gate_release(struct conn *conn);

#endif
