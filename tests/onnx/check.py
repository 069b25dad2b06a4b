"""Holds graphs of operator set 23 against an ONNX checker that knows operator sets up to 17: check.py FILE...

A copy of each graph is declared as of operator set 17. What changed since then is not passed over:
  - ReduceMax and its kin take their axes as an input since 18, as ReduceSum does since 13: they are checked as ReduceSum.
  - Operators that came later are moved to a domain that the checker does not know. It still checks their names, order and
    the form of their attributes; their inputs, outputs and attributes are held against the table below. What they give is
    declared as float32, as is what ONNX Runtime's own operators give, so that the types behind them are checked.
  - The checker passes over the attributes of a few operators (LayerNormalization): all are held against their schema here too.
Prints a line for each file, with the operators that only the table knows; ends with 1 where a graph is refused.
"""
import sys

import onnx
from onnx import AttributeProto, TensorProto, checker, defs, helper

OLD_SET, OLD_IR = 17, 8
OWN, NEWER = "", "newer"
REDUCTIONS = {"ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"}
INT, FLOAT, STRING = AttributeProto.INT, AttributeProto.FLOAT, AttributeProto.STRING

# Of the operator set's documentation: since which set, inputs that are needed and allowed, most outputs, attributes.
TABLE = {
    "Gelu": (20, 1, 1, 1, {"approximate": STRING}),
    "Attention": (23, 3, 6, 4, {"is_causal": INT, "kv_num_heads": INT, "q_num_heads": INT, "qk_matmul_output_mode": INT,
                                "scale": FLOAT, "softcap": FLOAT, "softmax_precision": INT}),
    "RotaryEmbedding": (23, 3, 4, 1, {"interleaved": INT, "num_heads": INT, "rotary_embedding_dim": INT}),
    "RMSNormalization": (23, 2, 2, 1, {"axis": INT, "epsilon": FLOAT, "stash_type": INT}),
}

# In these the form of set 17 is not that of set 23, and no other operator of set 17 has the new one.
CHANGED = {"Split", "Resize", "GroupNormalization", "DFT"}


class Refused(Exception):
    pass


def hold_against_table(node, opset):
    since, least, most, outputs, attributes = TABLE[node.op_type]
    if since > opset:
        raise Refused(f"{node.op_type} came with operator set {since}; the graph declares {opset}")
    given = [bool(name) for name in node.input]
    if not (least <= len(given) <= most and all(given[:least])):
        raise Refused(f"{node.name}: {node.op_type} takes {least} to {most} inputs, not {list(node.input)}")
    if not 1 <= len(node.output) <= outputs:
        raise Refused(f"{node.name}: {node.op_type} gives 1 to {outputs} outputs, not {list(node.output)}")
    for attribute in node.attribute:
        if attributes.get(attribute.name) != attribute.type:
            raise Refused(f"{node.name}: {node.op_type} has no attribute {attribute.name} of type {attribute.type}")


def hold_against_schema(node, schema):
    if not schema.min_input <= len(node.input) <= schema.max_input or not schema.min_output <= len(node.output) <= schema.max_output:
        raise Refused(f"{node.name}: {node.op_type} does not take {list(node.input)} or does not give {list(node.output)}")
    for attribute in node.attribute:
        known = schema.attributes.get(attribute.name)
        if known is None or int(known.type) != attribute.type:
            raise Refused(f"{node.name}: {node.op_type} has no attribute {attribute.name} of type {attribute.type}")


def set_aside(graph, node, name, aside):
    aside.add(name)
    for output in node.output:
        graph.value_info.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, None))


def lower(graph, opset, aside):
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                lower(attribute.g, opset, aside)
        if node.domain != OWN:
            set_aside(graph, node, f"{node.domain}.{node.op_type}", aside)
        elif node.op_type in REDUCTIONS:
            if opset < 18:
                raise Refused(f"{node.name}: axes as an input need operator set 18")
            node.op_type = "ReduceSum"
        elif node.op_type in TABLE:
            hold_against_table(node, opset)
            set_aside(graph, node, node.op_type, aside)
            node.domain = NEWER
        elif node.op_type in CHANGED or not defs.has(node.op_type):
            raise Refused(f"{node.name}: nothing here knows {node.op_type} of operator set {opset}")
        if node.domain == OWN:
            hold_against_schema(node, defs.get_schema(node.op_type, OLD_SET, OWN))


def check(path):
    model = onnx.load(path)
    opset = next(entry.version for entry in model.opset_import if entry.domain == OWN)
    aside = set()
    lower(model.graph, opset, aside)
    others = [entry for entry in model.opset_import if entry.domain != OWN]
    del model.opset_import[:]
    model.opset_import.extend([helper.make_opsetid(OWN, OLD_SET), helper.make_opsetid(NEWER, 1), *others])
    model.ir_version = OLD_IR
    checker.check_model(model, full_check=True)
    return aside


def main(paths):
    failed = False
    for path in paths:
        try:
            print(f"{path}: valid; {' '.join(sorted(check(path)))}")
        except (Refused, checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            failed = True
            print(f"{path}: refused; {' '.join(str(error).split())}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
