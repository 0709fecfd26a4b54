/* Only what the archive will find has a stanza-id. The wire shows it for messages:
 * scenarios/groupchat_archived.scs. */

#include "room_fixture.h"

#define SUBJECT                                                                                    \
    "<message xmlns='jabber:client' type='groupchat' from='" ROMEO "' to='" ROOM                   \
    "'><subject>Feud</subject></message>"

/* A subject is in the archive, if there is one. */
static void a_subject_without_an_archive_has_no_id(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SUBJECT);
    rig_drain(&rig);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    for (int i = 0; i < 2; i++) {
        rig_send(&rig, JOIN(TYBALT, "Tybalt"));
        for (int k = 0; k < 4; k++)
            free(rig_receive(&rig, TYBALT));
        rig_expect(&rig, TYBALT, "</subject><occupant-id ", "<delay ", NULL);
        rig_send(&rig, LEAVE(TYBALT));
        rig_drain(&rig);
        rig_send(&rig, SUBJECT);
        rig_expect(&rig, JULIET, "</subject><occupant-id ", NULL);
        rig_drain(&rig);
    }
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_without_an_archive_has_no_id),
    };
    return cmocka_run_group_tests_name("message_id", tests, NULL, NULL);
}
