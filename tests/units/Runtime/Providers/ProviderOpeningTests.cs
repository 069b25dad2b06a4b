using ColbertOnnx.Native;
using ColbertOnnx.Runtime.Providers;

namespace ColbertOnnx.Tests.Runtime.Providers;

public sealed class ProviderOpeningTests
{
    private static ProviderOpening Opening(bool required, string[] missing, params string[] names)
    {
        ProviderUse[] uses = [.. names.Select(name => new ProviderUse(ProviderTable.Find(name)!, new Dictionary<string, string>()))];
        FakeHost host = new()
        {
            Built = [.. uses.Select(use => use.Rules.OnnxRuntimeName).Where(name => !missing.Contains(ProviderTable.Find(name)!.Name))],
            Files = ["providers_cuda.so", "providers_shared.so", "providers_tensorrt.so"],
            Loads = ["libcuda.so.1", "libvulkan.so.1"],
        };
        return new(new ProviderRequest(uses, required), new ProviderCheck(host));
    }

    private static IReadOnlyList<ColbertProviderShare> Shares(params (string Provider, string[] Operators)[] pieces) =>
        NodeAssignment.Of([.. pieces.Select(piece => new OrtAssignedNodes(piece.Provider, piece.Operators))]);

    [Fact]
    public void A_missing_provider_is_left_out_with_a_warning_that_says_what_was_missing()
    {
        ProviderOpening opening = Opening(false, ["TensorRT"], "TensorRT", "Cuda");
        Assert.Equal("Cuda", opening.Open(uses => string.Join(", ", uses.Select(use => use.Rules.Name))));
        Assert.Equal(
            $"TensorRT is not available: ONNX Runtime 1.30.0 ('{new FakeHost().LibraryPath}') is built without it. The model is opened "
                + $"with Cuda.",
            Assert.Single(opening.Warnings));
    }

    [Fact]
    public void What_must_be_there_is_an_error_with_what_to_install()
    {
        ProviderOpening opening = Opening(true, ["Cuda"], "Cuda");
        var error = Assert.Throws<ColbertException>(() => opening.Open<int>(_ => throw new InvalidOperationException("opened without it")));
        Assert.Equal(ColbertErrorId.ProviderUnavailable, error.Id);
        Assert.Equal(3, error.ExitCode);
        Assert.Contains("is built without it.", error.Message, StringComparison.Ordinal);
        Assert.Contains("https://", error.Action, StringComparison.Ordinal);
        error = Assert.Throws<ColbertException>(() => Opening(true, ["WebGpu"], "WebGpu").Open(_ => 0));
        Assert.Contains("-p:ColbertNatives=npm", error.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_fails_while_the_graph_opens_is_left_out_and_the_rest_is_tried_again()
    {
        ProviderOpening opening = Opening(false, [], "TensorRT", "Cuda");
        int calls = 0;
        int opened = opening.Open(uses =>
        {
            calls++;
            return uses.Count > 0 ? throw new ProviderException(uses[^1], "libcudnn.so.9: cannot open") : 7;
        });
        Assert.Equal((7, 3), (opened, calls));
        Assert.Equal(2, opening.Warnings.Count);
        Assert.EndsWith("The model runs on the CPU.", opening.Warnings[1], StringComparison.Ordinal);
        Assert.Contains("libcudnn.so.9: cannot open. The model", opening.Warnings[0], StringComparison.Ordinal);
        Assert.Throws<ColbertException>(() => Opening(true, [], "Cuda").Open<int>(uses => throw new ProviderException(uses[0], "no")));
    }

    [Fact]
    public void A_graph_that_is_broken_on_every_provider_is_its_own_error() =>
        Assert.Throws<InvalidDataException>(() => Opening(
            false, [],
            "Cuda").Open<int>(uses =>
                throw (uses.Count > 0 ? new ProviderException(uses[0], "bad graph") : new InvalidDataException("bad graph"))));

    [Fact]
    public void A_provider_that_was_added_and_runs_nothing_is_never_silent()
    {
        IReadOnlyList<ColbertProviderShare> cpu = Shares(("CPUExecutionProvider", ["MatMul", "Add"]));
        ProviderOpening opening = Opening(false, [], "Cuda");
        Assert.False(opening.Check(cpu));
        Assert.Equal(
            "Cuda was opened, but runs nothing of this graph: Cpu runs 2 of 2 nodes and 1 of 1 matrix products.",
            Assert.Single(opening.Warnings));

        var error = Assert.Throws<ColbertException>(() => Opening(true, [], "Cuda").Check(cpu));
        Assert.Equal(ColbertErrorId.ProviderUnavailable, error.Id);
        Assert.Throws<ColbertException>(() => Opening(true, [], "Cuda").Check([]));
    }

    [Fact]
    public void A_provider_with_three_nodes_of_many_says_so()
    {
        ProviderOpening opening = Opening(false, [], "Cuda");
        Assert.True(opening.Check(Shares(
            ("CUDAExecutionProvider", ["Add", "Add", "Add"]), ("CPUExecutionProvider", [.. Enumerable.Repeat("MatMul", 25)]))));
        string warning = Assert.Single(opening.Warnings);
        Assert.Contains("Cuda runs 3 of 28 nodes and 0 of 25 matrix products", warning, StringComparison.Ordinal);

        ProviderOpening good = Opening(false, [], "Cuda");
        Assert.True(good.Check(Shares(
            ("CUDAExecutionProvider", ["MatMul", "Attention", "Add"]), ("CPUExecutionProvider", ["Shape", "Gather", "MatMul"]))));
        Assert.Empty(good.Warnings);
    }

    [Fact]
    public void Nodes_and_matrix_products_are_added_up_for_each_provider()
    {
        IReadOnlyList<ColbertProviderShare> shares = Shares(
            ("CPUExecutionProvider", ["Shape"]), ("WebGpuExecutionProvider", ["MatMul", "Add"]),
            ("CPUExecutionProvider", ["Gather", "MatMulIntegerToFloat"]), ("OddExecutionProvider", ["Add"]),
            ("WebGpuExecutionProvider", ["Attention"]));
        Assert.Equal(["WebGpu", "Cpu", "OddExecutionProvider"], shares.Select(share => share.Name));
        Assert.Equal([3, 3, 1], shares.Select(share => share.Nodes));
        Assert.Equal([2, 1, 0], shares.Select(share => share.MatrixProducts));
        Assert.Equal(2.0 / 3, shares[0].Share, 6);
        Assert.Equal(0.75, Shares(("CPUExecutionProvider", ["Add", "Add", "Add"]), ("X", ["Add"]))[0].Share);
    }
}
