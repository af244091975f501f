import {Component, onMounted, onWillDestroy, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatInteger} from "@web/views/fields/formatters";

/** Triggered on the bus of the page when an action left customers to the job */
export const QUEUED = "CRM_LIFECYCLE:QUEUED";

const SOON = 3000;
const LATE = 30000;

/**
 * One line above a list of customers, as long as a decision on many of them is still
 * being computed. It counts down and goes away by itself, and then the list is read
 * again. Looks less and less often when nothing moves.
 */
export class LifecycleWaiting extends Component {
    static template = "crm_lifecycle.Waiting";
    static props = {reload: Function};

    setup() {
        this.orm = useService("orm");
        this.state = useState({count: 0});
        this.pause = SOON;
        useBus(this.env.bus, QUEUED, () => this.look());
        onMounted(() => this.look());
        onWillDestroy(() => {
            this.isGone = true;
            browser.clearTimeout(this.timer);
        });
    }

    get text() {
        return _t("Customers being recomputed: %s", formatInteger(this.state.count));
    }

    async look() {
        browser.clearTimeout(this.timer);
        const before = this.state.count;
        const count = await this.ask();
        if (this.isGone) {
            return;
        }
        this.state.count = count;
        if (count) {
            this.pause = count === before ? Math.min(2 * this.pause, LATE) : SOON;
            this.timer = browser.setTimeout(() => this.look(), this.pause);
        } else if (before) {
            await this.props.reload();
        }
    }

    /**
     * A single document's customer, computed in a moment, is not worth a line; the last
     * ones of many are.
     *
     * @returns {Promise<Number>} customers to tell of
     */
    async ask() {
        try {
            const {count, is_batch} = await this.orm.silent.call(
                "crm.lifecycle.profile",
                "get_waiting"
            );
            return is_batch || this.state.count ? count : 0;
        } catch {
            // Whatever keeps the server from answering is told elsewhere
            return 0;
        }
    }
}
