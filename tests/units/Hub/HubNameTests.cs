using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

public sealed class HubNameTests
{
    [Theory]
    [InlineData("lightonai/GTE-ModernColBERT-v1")]
    [InlineData("a/b")]
    [InlineData("under_score/with.dot")]
    public void Owner_and_name_make_a_name(string text)
    {
        Assert.True(HubName.TryParse(text, out HubName? name));
        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("a/b/c")]
    [InlineData("/a/b")]
    [InlineData("./model")]
    [InlineData("../model")]
    [InlineData("~/model")]
    [InlineData("models/")]
    [InlineData("C:\\models\\a")]
    [InlineData("C:/a")]
    [InlineData("owner/na me")]
    [InlineData("owner/-name")]
    [InlineData("owner/name.")]
    [InlineData("owner/na--me")]
    [InlineData("owner/na..me")]
    [InlineData("owner/name.git")]
    [InlineData("owner/näme")]
    public void A_path_and_what_the_hub_refuses_are_no_names(string? text) => Assert.False(HubName.TryParse(text, out _));

    [Fact]
    public void What_is_there_is_no_name()
    {
        string name = Path.GetRandomFileName();
        Assert.True(ColbertHub.IsName(name + "/tokenizer.json"));
        Directory.CreateDirectory(name);
        try
        {
            File.WriteAllText(name + "/tokenizer.json", "");
            Directory.CreateDirectory(name + "/model");
            Assert.False(ColbertHub.IsName(name + "/tokenizer.json") || ColbertHub.IsName(name + "/model"));
        }
        finally
        {
            Directory.Delete(name, recursive: true);
        }
    }

    [Fact]
    public void A_name_has_96_characters_at_most()
    {
        Assert.True(HubName.TryParse("a/" + new string('b', 96), out _));
        Assert.False(HubName.TryParse("a/" + new string('b', 97), out _));
    }

    [Theory]
    [InlineData("config.json", true)]
    [InlineData("1_Dense/model.safetensors", true)]
    [InlineData("..config", true)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("../config.json", false)]
    [InlineData("a/../../config.json", false)]
    [InlineData("a/./b", false)]
    [InlineData("a//b", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("C:/config.json", false)]
    [InlineData("C:config.json", false)]
    [InlineData("a\\..\\b", false)]
    [InlineData("\\\\host\\share", false)]
    [InlineData("a\0b", false)]
    public void A_file_name_may_not_lead_out_of_the_folder(string name, bool isSafe)
    {
        Assert.Equal(isSafe, HubPath.IsSafe(name));
        if (isSafe) Assert.StartsWith(Path.GetTempPath(), HubPath.Below(Path.GetTempPath(), name));
        else Assert.Equal(ColbertErrorId.ModelInvalid, Assert.Throws<ColbertException>(() => HubPath.Below(Path.GetTempPath(), name)).Id);
    }

    [Theory]
    [InlineData("main", true)]
    [InlineData("v1.0", true)]
    [InlineData("refs/pr/1", true)]
    [InlineData("", false)]
    [InlineData("-x", false)]
    [InlineData("../../main", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    public void A_revision_is_what_git_could_call_one(string name, bool isRevision) => Assert.Equal(isRevision, HubPath.IsRevision(name));
}
