#include "gate.h"

#include <utlist.h>

#include "conn.h"

void gate_hold(struct gate *gate, struct conn *conn)
{
    if (conn->gate || conn->ended)
        return;
    conn->gate = gate;
    DL_APPEND2(gate->held, conn, gate_prev, gate_next);
    conn_read(conn, false);
}

void gate_release(struct conn *conn)
{
    if (!conn->gate)
        return;
    DL_DELETE2(conn->gate->held, conn, gate_prev, gate_next);
    conn->gate = NULL;
    conn_read(conn, true);
}

void gate_open(struct gate *gate)
{
    while (gate->held)
        gate_release(gate->held);
}
