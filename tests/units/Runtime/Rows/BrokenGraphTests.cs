using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;
using Google.Protobuf;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>Files that say of themselves that they are INT8 per token, and are broken.</summary>
public sealed class BrokenGraphTests
{
    [Theory]
    [InlineData("a product of nothing")]
    [InlineData("bytes of nothing")]
    [InlineData("dimensions beyond all integers")]
    [InlineData("a file of no name")]
    public void What_is_wrong_is_an_error_of_the_model(string damage)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx");
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "broken" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.MetadataProps.Add(new StringStringEntryProto { Key = OnnxNames.Quantization, Value = OnnxNames.PerToken });
        var tensor = new TensorProto { Name = "x", DataType = 1 };
        model.Graph.Initializer.Add(tensor);
        var node = new NodeProto { OpType = damage == "a product of nothing" ? "MatMulIntegerToFloat" : "QuantizeLinear" };
        node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int });
        if (damage == "bytes of nothing") node.Input.Add(["x", "scales", "zeros"]);
        model.Graph.Node.Add(node);
        model.Graph.Node.Add(new NodeProto { OpType = "Reshape", Output = { "scales" } });
        model.Graph.Node.Add(new NodeProto { OpType = "QuantizeLinear", Output = { "zeros" } });
        if (damage == "dimensions beyond all integers") tensor.Dims.Add([1L << 40, 1L << 40]);
        if (damage == "a file of no name")
        {
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "\0" });
        }

        File.WriteAllBytes(file, model.ToByteArray());
        var error = Assert.Throws<ColbertException>(() => OrtEncoderSession.Open(file, new EncoderSessionOptions()));
        Assert.Contains(error.Id, (ColbertErrorId[])[ColbertErrorId.ModelInvalid, ColbertErrorId.ModelIncomplete]);
    }
}
