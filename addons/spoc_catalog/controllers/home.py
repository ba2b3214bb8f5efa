"""Signing in."""

from odoo.http import request

from odoo.addons.portal.controllers.web import Home


class SpocHome(Home):
    """Portal pages in the language of the person, not of the sign-in page."""

    def _login_redirect(self, uid, redirect=None):
        # sudo: the user reads a setting of their own; signing in is not complete
        # for all means of authentication.
        lang = request.env["res.users"].sudo().browse(uid).lang
        if lang:
            # Overrules what an anonymous page guessed from the browser. A
            # language chosen on a page later is kept by the same cookie.
            request.future_response.set_cookie("frontend_lang", lang)
        return super()._login_redirect(uid, redirect=redirect)
