using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

[Collection(nameof(Alone))]
public sealed class ProviderTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Fact]
    public async Task A_sweep_over_providers_is_a_configuration_each_and_tells_who_ran()
    {
        var run = await ColbertProcess.Run(
            null, "throughput", "--model", Model, "--count", "4", "--token-count", "12", "--repeat", "1", "--json", "--execution-provider",
            "Cpu,VitisAI", "--provider-option", "x=1");
        Assert.Equal(0, run.Exit);
        JsonElement[] lines =
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        Assert.Equal(
            ["[]", "[\"VitisAI\"]"],
            lines.Select(line => line.GetProperty("configuration").GetProperty("executionProviders").GetRawText()));
        Assert.All(lines, line => Assert.Equal("Cpu", line.GetProperty("providers")[0].GetProperty("name").GetString()));
        Assert.All(
            lines, line => Assert.Equal("CPUExecutionProvider", line.GetProperty("environment").GetProperty("provider").GetString()));
        Assert.Contains("VitisAI is not available", run.Error, StringComparison.Ordinal);
    }
}
