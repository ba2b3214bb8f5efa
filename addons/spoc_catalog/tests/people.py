"""People of the scenes, made together: one by one they are most of a scene's cost."""

from odoo.fields import Command

#: No mail of invitation, no notes about what was set.
QUIETLY = {"mail_create_nolog": True, "mail_notrack": True, "no_reset_password": True}


def new_people(env, *people):
    """Users made at once; the password is the login, filled up to eight letters.

    :param dict people: values of a user; ``groups`` are names, separated by commas
    :return: the users, in this order
    """
    values = []
    for person in people:
        person = dict(person)
        names = person.pop("groups").split(",")
        person["group_ids"] = [Command.set([env.ref(name).id for name in names])]
        values.append({"password": person["login"].ljust(8, "x"), **person})
    users = env["res.users"].with_context(**QUIETLY).create(values)
    return users.with_env(env)
