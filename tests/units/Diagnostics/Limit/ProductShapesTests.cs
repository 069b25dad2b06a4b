using System.Text;
using ColbertOnnx.Diagnostics.Limit;

namespace ColbertOnnx.Tests.Diagnostics.Limit;

public sealed class ProductShapesTests
{
    [Theory]
    [InlineData("MatMul", """[{"float":[1,8,384]},{"float":[384,1536]}]""", """[{"float":[1,8,1536]}]""", 0, 8.0 * 384 * 1536)]
    [InlineData("MatMulIntegerToFloat", """[{"uint8":[8,384]},{"float":[]},{"float":[96]}]""", """[{"float":[8,96]}]""", 8.0 * 384 * 96, 0)]
    [InlineData("MatMulInteger", """[{"int8":[2,8,384]}]""", """[{"int32":[2,8,96]}]""", 2 * 8.0 * 384 * 96, 0)]
    [InlineData("Gemm", """[{"float":[384,8]},{"float":[384,96]},{"float":[96]}]""", """[{"float":[8,96]}]""", 0, 8.0 * 384 * 96)]
    [InlineData("FusedMatMul", """[{"float":[1,12,8,32]},{"float":[1,12,8,32]}]""", """[{"float":[1,12,8,8]}]""", 0, 12 * 8.0 * 8 * 32)]
    [InlineData(
        "Attention", """[{"float":[1,8,384]},{"float":[1,8,384]},{"float":[1,8,384]}]""", """[{"float":[1,8,384]}]""", 0,
        2 * 8.0 * 8 * 384)]
    [InlineData(
        "Attention", """[{"float":[1,12,8,32]},{"float":[1,4,20,32]},{"float":[1,4,20,32]},{"bool":[8,20]}]""",
        """[{"float":[1,12,8,32]}]""", 0, 2 * 12 * 8.0 * 20 * 32)]
    [InlineData("Add", """[{"float":[1,8,384]},{"float":[1,8,384]}]""", """[{"float":[1,8,384]}]""", 0, 0)]
    [InlineData("MatMul", "[]", "[]", 0, 0)]
    public void A_node_s_multiply_adds_follow_from_its_shapes(string op, string inputs, string outputs, double int8, double floats)
    {
        string profile =
            $$$"""[{"name":"session_initialization"},{"name":"n_kernel_time","args":{"op_name":"{{{op}}}","input_type_shape":{{{inputs}}},"output_type_shape":{{{outputs}}}}},{"name":"model_run"}]""";
        Assert.Equal([new MultiplyAdds(int8, floats)], Runs(profile));
    }

    [Fact]
    public void Nodes_belong_to_the_call_that_ends_behind_them()
    {
        const string Node =
            """{"name":"n_kernel_time","args":{"op_name":"MatMul","input_type_shape":[{"float":[2,3]}],"output_type_shape":[{"float":[2,5]}]}}""";
        const string End = """{"name":"model_run"}""";
        Assert.Equal([new(0, 60), new(0, 30), default], Runs($"[{Node},{Node},{End},{Node},{End},{End}]"));
    }

    private static List<MultiplyAdds> Runs(string profile)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(profile));
        return ProductShapes.Runs(stream);
    }
}
