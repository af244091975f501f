import {KanbanHeader} from "@web/views/kanban/kanban_header";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {LifecycleBoardModel} from "./board_model";
import {LifecycleWaiting} from "../waiting/waiting";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";

/**
 * Shows the number of customers beside the sum of their revenue.
 */
export class LifecycleBoardHeader extends KanbanHeader {
    static template = "crm_lifecycle.BoardHeader";
}

export class LifecycleBoardRenderer extends KanbanRenderer {
    static components = {
        ...KanbanRenderer.components,
        KanbanHeader: LifecycleBoardHeader,
    };

    /**
     * Nobody writes the stage, but a drag may ask for it.
     *
     * @override
     */
    get canMoveRecords() {
        const isByStage = this.props.list.groupByField?.name === "stage_id";
        return (isByStage && this.canResequenceRecords) || super.canMoveRecords;
    }
}

export class LifecycleBoardController extends kanbanView.Controller {
    static template = "crm_lifecycle.BoardView";
    static components = {...kanbanView.Controller.components, LifecycleWaiting};
}

export const lifecycleBoardView = {
    ...kanbanView,
    Controller: LifecycleBoardController,
    Model: LifecycleBoardModel,
    Renderer: LifecycleBoardRenderer,
};

registry.category("views").add("crm_lifecycle_board", lifecycleBoardView);
