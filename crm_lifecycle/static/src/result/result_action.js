import {markup} from "@odoo/owl";
import {QUEUED} from "../waiting/waiting";
import {registry} from "@web/core/registry";

/**
 * Tells what an action on customers did: how many were done, how many skipped and why,
 * with a way to the skipped ones. The texts come translated from the server, see
 * `_prepare_result` of `crm.lifecycle.profile`.
 */
export function showResult(env, {params}) {
    const {title, type, message, reasons, label, skipped, queued, next} = params;
    const lines = reasons.map((reason) => markup`<li>${reason}</li>`);
    const list = lines.reduce((all, line) => markup`${all}${line}`, markup``);
    let close = null;
    const openSkipped = () => {
        close();
        env.services.action.doAction(skipped);
    };
    close = env.services.notification.add(
        lines.length ? markup`${message}<ul class="mb-0 ps-3">${list}</ul>` : message,
        {
            title,
            type,
            sticky: Boolean(skipped),
            buttons: skipped ? [{name: label, onClick: openSkipped}] : [],
        }
    );
    if (queued) {
        env.bus.trigger(QUEUED);
    }
    return next;
}

registry.category("actions").add("crm_lifecycle_result", showResult);
