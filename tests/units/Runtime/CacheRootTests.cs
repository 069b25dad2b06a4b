using System.Runtime.Versioning;
using ColbertOnnx.IO;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Providers;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>The folder that holds a cache: which are used, and that the user is told of the others.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CacheRootTests
{
    private const string Rights = "Rights are inherited there, and a link needs some.";

    [Theory]
    [InlineData("777", "777", "may be changed by other users")]
    [InlineData("2775", "2775", "may be changed by other users")] // made for a group
    [InlineData("775", "755", null)] // as umask 002 makes all
    [InlineData("770", "750", null)]
    [InlineData("755", "755", null)]
    [InlineData("750", "750", null)]
    [InlineData("1777", "1777", null)] // as /tmp
    public void A_folder_that_others_may_write_holds_no_cache(string before, string after, string? reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), Rights);
        using PackedModel model = new("bert-base");
        using TemporaryFolder root = new();
        File.SetUnixFileMode(root.Path, Mode(before));
        Check(model, root.Path, reason is null ? null : $"'{root.Path}' {reason}");
        Assert.Equal(Mode(after), File.GetUnixFileMode(root.Path));
        Assert.Equal(reason is null, Directory.Exists(root.File("weights")));
        Assert.Equal(reason is null ? null : $"'{root.Path}' {reason}", Ownership.Claim(root.Path, "models"));
        Assert.Equal(reason is null, Directory.Exists(root.File("models")));
    }

    [Theory]
    [InlineData("file", "'{0}' is not a folder")]
    [InlineData("file/below", "'{0}/weights' cannot be used")]
    [InlineData("link to nothing", "'{0}' is a link that leads to no folder")]
    [InlineData("link to file", "'{0}' is a link that leads to no folder")]
    [InlineData("link to shared", "'{0}' may be changed by other users")]
    [InlineData("link to mine", null)]
    [InlineData("/dev/null", "'{0}' is not a folder")]
    [InlineData("/proc", "'{0}/weights' cannot be used")]
    [InlineData("weights is a file", "'{0}/weights' is not a folder")]
    public void A_cache_that_cannot_be_is_told(string kind, string? notice)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The paths are Linux's.");
        using PackedModel model = new("bert-base");
        using TemporaryFolder folder = new();
        folder.With("file").With("weights is a file/weights").With("mine/notes.txt").With("shared/notes.txt");
        File.SetUnixFileMode(folder.File("shared"), Mode("777"));
        if (kind.StartsWith("link to ", StringComparison.Ordinal)) Directory.CreateSymbolicLink(folder.File(kind), folder.File(kind[8..]));
        string root = Path.Combine(folder.Path, kind);
        Check(model, root, notice?.Replace("{0}", root, StringComparison.Ordinal));
        if (notice is not null)
            Assert.Null(new ProviderContext(
                model.Graph, "1.30.0", kind == "weights is a file" ? root + "/weights" : root).Folder("TensorRT"));
    }

    [Theory]
    [InlineData(false, "is not a folder")]
    [InlineData(true, "holds other files than packed weights")]
    public void What_stands_in_an_entry_s_place_is_told_and_stays(bool isFolder, string reason)
    {
        using PackedModel model = new("bert-base");
        model.Rows();
        string entry = model.Entry, mine = isFolder ? Path.Combine(entry, "notes.txt") : entry;
        Directory.Delete(entry, recursive: true);
        if (isFolder) Directory.CreateDirectory(entry);
        File.WriteAllText(mine, "mine");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        Assert.StartsWith($"'{entry}' {reason}", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(model.PlainRows(), PackedModel.Rows(session));
        Assert.Equal("mine", File.ReadAllText(mine));
    }

    [Fact]
    public async Task The_command_tells_once_and_goes_on()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("file");
        string[] arguments = ["encode", "--query", "-", "-o", "-"];
        var run = await ColbertProcess.RunWith(Variables(folder.File("file")), "bread\n", arguments);
        var without = await ColbertProcess.RunWith(Variables("off"), "bread\n", arguments);
        Assert.Equal((0, without.Output), (run.Exit, run.Output));
        string line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"'{folder.File("file")}' is not a folder", line, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Variables(string cache) => new() { ["COLBERT_CACHE"] = cache };

    private static void Check(PackedModel model, string root, string? notice)
    {
        var cache = new WeightsCache(Path.Combine(root, "weights")) { SmallestModel = 0 };
        using SharedSession session = SharedSession.Open(model.Graph, null, cache, 2);
        if (notice is null) Assert.Empty(session.Warnings);
        else Assert.Contains(notice, Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(model.PlainRows(), PackedModel.Rows(session));
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
}
