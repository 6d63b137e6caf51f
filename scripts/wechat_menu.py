"""`python -m scripts.wechat_menu`: puts the menu below the official account's conversation, in place of what is there.

The settings are the house's own (OFFICIAL_APP_ID, OFFICIAL_SECRET, WECHAT_APP_ID, OFFICIAL_LINKS, PUBLIC_URL); the
buttons are the cards of app/accounts/data/cards.json. Our address must stand in the account's list of addresses.
"""

import argparse
import asyncio
import json
import sys
from contextlib import aclosing

from app.accounts.rules.pushed import menu
from app.outside.wechat import WeChatError
from app.outside.wechat.official_account import OfficialAccount
from app.settings import Settings


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.wechat_menu", description="Puts the account's menu.")
    parser.add_argument("--show", action="store_true", help="only say what would be put")
    chosen = parser.parse_args(arguments)
    settings = Settings()
    buttons = menu(settings.wechat_app_id, settings.public_url, settings.official_links)
    if chosen.show:
        print(json.dumps(buttons, ensure_ascii=False, indent=1))
        return 0
    if not settings.official_app_id:
        print("There is no official account: OFFICIAL_APP_ID is not set.", file=sys.stderr)
        return 1
    try:
        asyncio.run(_put(settings, buttons))
    except WeChatError as error:
        print(f"WeChat did not take the menu: {type(error).__name__}, code {error.errcode}.", file=sys.stderr)
        return 1
    print(f"The menu has {len(buttons)} buttons; everybody sees it within a day, who follows anew at once.")
    return 0


async def _put(settings: Settings, buttons: list[dict[str, str]]) -> None:
    account = OfficialAccount(
        settings.wechat_url, settings.official_app_id, settings.official_secret.get_secret_value(), {}
    )
    async with aclosing(account):
        await account.put_menu(buttons)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
