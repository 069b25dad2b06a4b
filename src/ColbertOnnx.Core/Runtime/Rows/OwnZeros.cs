using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Runtime.Rows;

/// <summary>
/// Rows get a zero point of their own where ScaleRows takes back what that adds to their products: the sums of a matrix's columns times a
/// value of the row. The rows of a norm have a few large values, mostly of one sign, so that around 128 hardly half of the bytes are
/// used.
/// </summary>
internal static class OwnZeros
{
    private const byte Middle = 128;

    public static void Apply(OnnxModel model)
    {
        ILookup<string, NodeProto> readers = model.Graph.Readers();
        HashSet<string> results = [.. model.Graph.Output.Select(output => output.Name)];
        foreach (NodeProto quantize in model.Graph.SymmetricRows())
        {
            if (results.Contains(quantize.Output[0]) || results.Contains(quantize.Output[1])) continue;
            NodeProto[] products = [.. readers[quantize.Output[0]]], scales = [.. readers[quantize.Output[1]]];
            if (products.Length == 0 || products.Length != scales.Length
                || !products.All(product => IsProduct(product, quantize) && scales.Any(scale => Scales(scale, product, quantize))))
                continue;
            quantize.Find(RowOperators.OwnZeroPoint)!.I = 1;
            foreach (NodeProto product in products)
            {
                NodeProto scale = scales.First(one => Scales(one, product, quantize));
                while (scale.Input.Count < 4) scale.Input.Add("");
                scale.Input.Add(Sums(product));
            }
        }

        bool IsProduct(NodeProto product, NodeProto quantize) =>
            product is { OpType: "MatMulIntegerToFloat", Domain: OnnxNames.Microsoft }
            && product.Input is [var rows, var matrix, var one, var scales, var zero] && rows == quantize.Output[0]
            && model.Find(matrix) is { Type: OnnxElementType.Int8, Shape: [_, var columns] } && IsList(scales, columns)
            && model.Find(one) is { Type: OnnxElementType.Float, ElementCount: 1 }
            && model.Find(zero) is { Type: OnnxElementType.UInt8, ElementCount: 1 } middle && middle.Data.ToArray()[0] == Middle;

        bool Scales(NodeProto scale, NodeProto product, NodeProto quantize) =>
            scale.IsOwn(RowOperators.ScaleRows) && scale.Input.Count is >= 2 and <= 4 && scale.Input[0] == product.Output[0]
            && scale.Input[1] == quantize.Output[1]
            && !results.Contains(product.Output[0]) && readers[product.Output[0]].Count() == 1;

        bool IsList(string name, long count) => model.Find(name) is { Type: OnnxElementType.Float, Shape: [var length] } && length == count;

        string Sums(NodeProto product)
        {
            string name = product.Output[0] + "/sums";
            float one = Floats.Of(model.Find(product.Input[2])!)[0];
            float[] scales = Floats.Of(model.Find(product.Input[3])!);
            int[] sums = ColumnSums.Of(model.Find(product.Input[1])!.Data.ToArray(), scales.Length);
            model.Add(OnnxTensor.Of(name, [.. sums.Zip(scales, (sum, scale) => sum * scale * one)], scales.Length));
            return name;
        }
    }
}
