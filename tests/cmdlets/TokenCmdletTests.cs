using System.Collections;
using System.Management.Automation;
using ColbertOnnx.PowerShell.Binding;

namespace ColbertOnnx.Tests.Cmdlets;

// Looks at what this process has open, which other tests of the class's collection change too.
[Collection(nameof(Alone))]
public sealed class TokenCmdletTests
{
    private static readonly string Folder = TestData.Path("onnx", "bert-base");

    [Theory]
    [InlineData("onnx/bert-base")]
    [InlineData("onnx/bert-base/")]
    [InlineData("onnx/bert-base/tokenizer.json")]
    [InlineData(null)]
    public void A_model_that_is_not_open_is_not_opened(string? path)
    {
        int open = OpenModels.All.Count;
        ColbertTokenization token = Tokens(path is null ? [] : new() { ["Model"] = TestData.Path(path) }, "hello world");
        Assert.Equal("[CLS]", token.Tokens[0]);
        Assert.Equal(open, OpenModels.All.Count);
    }

    [Fact]
    public void A_folder_needs_no_weights_that_could_be_read()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(Folder);
        File.WriteAllBytes(folder.File("model.onnx"), [1, 2, 3]);
        Assert.Equal(32, Tokens(new() { ["Model"] = folder.Path, ["Query"] = true }, "hello").Count);
    }

    [Fact]
    public void An_open_model_gives_the_row_of_its_own_settings()
    {
        ColbertModel model = OpenModels.Import(Folder, new() { QueryLength = 11, Sessions = 1 });
        try
        {
            foreach (object given in new object[] { model, PSObject.AsPSObject(model), Folder, new DirectoryInfo(Folder) })
                Assert.Equal(11, Tokens(new() { ["Model"] = given, ["Query"] = true }, "hello").Count);
            Assert.Equal(11, Tokens(new() { ["Query"] = true }, "hello").Count);
        }
        finally
        {
            OpenModels.Remove(model);
        }
    }

    [Fact]
    public void A_bad_text_is_an_error_of_its_own_and_the_rest_goes_on()
    {
        CmdletRun run = Run(new() { ["Model"] = Folder }, "a", "x\ud800y", new Hashtable { ["Body"] = "b" });
        Assert.Equal(["a", "b"], run.Output.Cast<ColbertTokenization>().Select(token => token.Text));
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(run.Failures).Error.Id);
    }

    [Fact]
    public void A_tokenizer_alone_has_no_queries_and_a_number_is_no_model()
    {
        CmdletRun run = Run(new() { ["Model"] = Path.Combine(Folder, "tokenizer.json"), ["Document"] = true }, "a");
        Assert.Equal(ColbertErrorId.InputInvalid, Assert.Single(run.Failures).Error.Id);
        run = Run(new() { ["Model"] = 4 }, "a");
        Assert.Equal(ColbertErrorId.ModelNotFound, Assert.Single(run.Failures).Error.Id);
    }

    private static ColbertTokenization Tokens(Dictionary<string, object?> parameters, string text)
    {
        CmdletRun run = Run(parameters, text);
        Assert.Empty(run.Failures);
        return (ColbertTokenization)run.Output.Single();
    }

    private static CmdletRun Run(Dictionary<string, object?> parameters, params object[] items) =>
        CmdletRun.Run("ConvertTo-ColbertToken", parameters, items);
}
