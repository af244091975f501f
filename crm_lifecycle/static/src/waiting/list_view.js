import {LifecycleWaiting} from "./waiting";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

export class LifecycleListController extends listView.Controller {
    static template = "crm_lifecycle.ListView";
    static components = {...listView.Controller.components, LifecycleWaiting};
}

registry.category("views").add("crm_lifecycle_list", {
    ...listView,
    Controller: LifecycleListController,
});
