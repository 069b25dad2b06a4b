using ColbertOnnx.Runtime;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Runtime;

public sealed class OrtEnvironmentTests
{
    [Fact]
    public void Whoever_gives_up_waits_until_the_environment_is_made()
    {
        bool isMade = false;
        using (OrtEnvironment.Begin(() =>
        {
            Thread.Sleep(200);
            isMade = true;
        }))
        {
        }

        Assert.True(isMade);
        OrtEnvironment.Begin(() => throw new InvalidOperationException("Who needs it meets it.")).Dispose();
    }

    [Fact]
    public async Task A_process_that_meets_a_broken_graph_ends_with_its_error_each_time()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base")).With("model.onnx", "no graph");
        // One in thirteen ended by a segmentation fault.
        for (int i = 0; i < 40; i++)
        {
            var run = await ColbertProcess.Run("bread\n", "encode", "-m", folder.Path, "--document", "-", "-o", "-");
            Assert.Equal(2, run.Exit);
            Assert.Contains("ModelInvalid", run.Error, StringComparison.Ordinal);
        }
    }
}
