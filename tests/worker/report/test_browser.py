"""The report in a real Chromium: what people see, what is asked of whom, how quickly it answers."""

import json
import shutil
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.worker.report.outcomes import cabinet, outcome, reminder, violation
from worker.report.page import Reader, page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
ROWS = 10_000
QUICK_S = 0.5  # with room for a busy machine; a keystroke takes a tenth of that

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not on PATH")


@pytest.fixture(scope="module")
def chromium() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in ("headless=new", "no-sandbox", "disable-background-networking", "disable-component-update"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with webdriver.Chrome(options, webdriver.ChromeService(DRIVER)) as browser:
        yield browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    report = tmp_path_factory.mktemp("report") / "audit.html"
    report.write_text(_report(), encoding="utf-8")
    return report.as_uri()


@pytest.fixture
def browser(chromium: webdriver.Chrome, report: str) -> webdriver.Chrome:
    """Chromium with the report as it opens."""
    chromium.get(report)
    return chromium


def _report() -> str:
    texts = ("Звоните 8 912 000-11-22", "Пишите в вотсап", "Смотрите на polka-plus.example")
    rules = (("phone", "8 912 000-11-22"), ("messenger", "вотсап"), ("link", "polka-plus.example"))
    found = [violation(n, texts[n % 3], rules[n % 3][1], rule=rules[n % 3][0]) for n in range(ROWS)]
    return page(outcome(cabinet(found, reminders=[reminder(9)]), cabinet(business_id=2)), Reader("ru", ZoneInfo("UTC")))


def logged(browser: webdriver.Chrome, kind: str) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = browser.execute("getLog", {"type": kind})["value"]
    return lines


def counts(browser: webdriver.Chrome, shown: int, found: int) -> bool:
    """Whether the page says so, soon: the driver does not wait for what a choice sets off."""
    said = expected_conditions.text_to_be_present_in_element((By.NAME, "count"), f"Показано {shown} из {found}")
    return bool(WebDriverWait(browser, 5).until(said))


def test_nothing_is_fetched_and_nothing_complains(browser: webdriver.Chrome) -> None:
    assert logged(browser, "browser") == []
    sent = [json.loads(entry["message"])["message"] for entry in logged(browser, "performance")]
    asked = [one["params"]["request"]["url"] for one in sent if one["method"] == "Network.requestWillBeSent"]
    assert all(url.startswith("file://") for url in asked)
    assert len(set(asked)) == 1


def test_filters_and_search_narrow_the_table(browser: webdriver.Chrome) -> None:
    assert counts(browser, 100, ROWS)
    Select(browser.find_element(By.NAME, "rule")).select_by_visible_text("phone")
    assert counts(browser, 100, len(range(0, ROWS, 3)))
    marks = browser.find_elements(By.CSS_SELECTOR, "#rows mark")
    assert len(marks) == 100
    assert marks[0].text == "8 912 ***-**-22"
    browser.find_element(By.NAME, "search").send_keys("9000000000000000777")
    assert counts(browser, 1, 1)
    browser.find_element(By.NAME, "search").send_keys(" и нет такого")
    assert "Ничего не подходит" in browser.find_element(By.ID, "rows").text


def test_more_rows_come_when_asked_for(browser: webdriver.Chrome) -> None:
    browser.execute_script("document.getElementById('more').click()")
    assert counts(browser, 200, ROWS)


def test_sorting_and_filtering_ten_thousand_rows_is_quick(browser: webdriver.Chrome) -> None:
    took = browser.execute_script(
        """
        const form = document.querySelector(".filters"), began = performance.now();
        for (const wanted of ["в", "вот", "вотсап", ""]) {
          form.elements.search.value = wanted;
          form.elements.sort.value = wanted ? "oldest" : "rule";
          form.elements.search.dispatchEvent(new Event("input"));
        }
        return (performance.now() - began) / 4000;
        """
    )
    assert took < QUICK_S


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_its_window(browser: webdriver.Chrome, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_it_has_a_light_and_a_dark_dress(browser: webdriver.Chrome) -> None:
    papers = set()
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        papers.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert len(papers) == 2


def test_it_prints_with_more_rows_than_it_shows(browser: webdriver.Chrome) -> None:
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert "Показано 2000" in str(browser.find_element(By.NAME, "count").get_property("value"))
