using ColbertOnnx.IO;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Names of what is not complete yet stand in no message: people look for the names that they gave.</summary>
public sealed class StagingMessageTests
{
    [Fact]
    public void An_error_names_the_result_and_not_the_place_where_it_gathers()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out"), staging = StagingName.In(folder.Path, "out", target);
        StagingName.Becomes($"{staging}/files", target);
        try
        {
            Assert.Equal($"'{target}/a'", new ColbertException(ColbertErrorId.ModelInvalid, $"'{staging}/files/a'").Message);
            var error = new ColbertException(
                ColbertErrorId.ModelInvalid, $"'{staging}/model.onnx' is broken ({Path.GetFileName(staging)}).", $"{staging}/model.onnx");
            Assert.Equal($"'{target}/model.onnx' is broken (out).", error.Message);
            Assert.Equal($"{target}/model.onnx", error.Target);
        }
        finally
        {
            StagingName.Delete(staging);
        }
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("out.jsonl")]
    [InlineData("out")]
    public async Task A_result_that_cannot_be_written_is_named_as_the_user_named_it(string name)
    {
        using var folder = new TemporaryFolder();
        // A folder of which no file can be made: its name is as long as names may be.
        string target = folder.File(new string('n', 250) + Path.GetExtension(name));
        (int exit, _, string error) = await ColbertProcess.Run(
            "x\n", "encode", "--document", "--model", TestData.Path("onnx", "bert-base"), "-", "-o", target);
        Assert.Equal(3, exit);
        Assert.Contains("OutputFailed", error, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", error, StringComparison.Ordinal);
    }
}
