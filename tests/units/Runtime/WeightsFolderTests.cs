using System.Runtime.Versioning;
using ColbertOnnx.IO;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>What the cache of packed weights removes, and what it never does.</summary>
public sealed class WeightsFolderTests
{
    private const string Sealed = "packed weights 4\n";

    public static TheoryData<string> Strangers =>
    [
        "my-llama-13b/model.safetensors", ".git/objects", ".venv/bin", ".gitattributes", ".new-abandoned/seal.txt",
        $".new-{Name('a')}/notes.txt", $"{Name('b')}/model.safetensors",
        $".old-{Name('c')}/sub/seal.txt", $".try-{Name('d')}",
    ];

    [Fact]
    public void Entries_beyond_the_room_go_those_first_that_were_used_longest_ago()
    {
        using TemporaryFolder folder = new();
        foreach ((string name, int days) in ((string, int)[])
        [
            (Name('1'), 0), (Name('2'), 3), (Name('3'), 5), (".new-" + Name('4'), 2), (".old-" + Name('5'), 2), (".new-" + Name('6'), 0),
        ])
        {
            folder.With($"{name}/seal.txt", Sealed).With($"{name}/model.onnx.data", new string('x', 1000));
            Age(folder.File($"{name}/seal.txt"), days);
            Age(folder.File(name), days);
        }

        new WeightsFolder(folder.Path).Trim(2100, keep: folder.File(Name('3')));
        Assert.Equal(
            [".new-" + Name('6'), Name('1'), Name('3')],
            Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public void What_is_not_ours_by_name_and_seal_is_never_removed(string stranger)
    {
        using TemporaryFolder folder = new();
        folder.With(stranger, new string('x', 3000));
        string top = folder.File(stranger.Split('/')[0]);
        if (Directory.Exists(top) && !stranger.EndsWith("/seal.txt", StringComparison.Ordinal)
            && stranger.Contains(Name('b'), StringComparison.Ordinal))
            folder.With(Path.GetFileName(top) + "/seal.txt", Sealed);
        Age(folder.File(stranger), 400);
        Age(top, 400);
        new WeightsFolder(folder.Path).Trim(0, keep: "");
        Assert.True(File.Exists(folder.File(stranger)));
        Assert.False(new WeightsFolder(folder.Path).Discard(top));
        Assert.True(File.Exists(folder.File(stranger)));
    }

    [Fact]
    public void Links_are_neither_followed_nor_removed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using TemporaryFolder folder = new(), other = new();
        other.With("entry/seal.txt", Sealed).With("entry/model.onnx", "mine").With("file", "mine");
        Directory.CreateSymbolicLink(folder.File(Name('a')), other.File("entry"));
        Directory.CreateSymbolicLink(folder.File(".old-" + Name('b')), other.File("entry"));
        folder.With(Name('c') + "/seal.txt", Sealed);
        File.CreateSymbolicLink(folder.File(Name('c') + "/model.onnx.data"), other.File("file"));
        Age(other.File("entry/seal.txt"), 400);
        Age(other.File("entry"), 400);
        new WeightsFolder(folder.Path).Trim(0, keep: "");
        Assert.Equal(3, Directory.GetDirectories(folder.Path).Length);
        Assert.Equal("mine", File.ReadAllText(other.File("entry/model.onnx")));
        Assert.Equal("mine", File.ReadAllText(folder.File(Name('c') + "/model.onnx.data")));
    }

    [Theory]
    [InlineData("my-llama-13b/model.safetensors")]
    [InlineData(".gitattributes")]
    public void A_folder_of_others_is_not_used_and_stays_as_it_is(string stranger)
    {
        using PackedModel model = new("bert-base");
        string mine = Path.Combine(model.CacheFolder, stranger);
        Directory.CreateDirectory(Path.GetDirectoryName(mine)!);
        File.WriteAllText(mine, "mine");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        Assert.Contains(
            $"'{model.CacheFolder}' holds other files than packed weights", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal(model.PlainRows(), PackedModel.Rows(session));
        Assert.Equal([mine], Directory.EnumerateFiles(model.CacheFolder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void In_a_folder_that_is_marked_others_may_lie()
    {
        using PackedModel model = new("bert-base");
        model.Rows();
        File.WriteAllText(Path.Combine(model.CacheFolder, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(model.Entry, "more"), "mine");
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        Assert.Empty(session.Warnings);
        Assert.NotNull(model.Rows());
    }

    [Fact]
    public void A_folder_that_is_a_link_is_not_used()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using PackedModel model = new("bert-base");
        using TemporaryFolder home = new TemporaryFolder().With(".ssh/id", "mine");
        Age(home.File(".ssh"), 400);
        Directory.CreateSymbolicLink(model.CacheFolder, home.Path);
        using SharedSession session = SharedSession.Open(model.Graph, null, model.Cache, 2);
        Assert.Contains($"'{model.CacheFolder}' is a link", Assert.Single(session.Warnings), StringComparison.Ordinal);
        Assert.Equal([home.File(".ssh/id")], Directory.EnumerateFiles(home.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void The_folder_is_marked_and_the_user_s_alone()
    {
        using PackedModel model = new("bert-base");
        model.Rows();
        Assert.StartsWith(
            "Signature: 8a477f597d28d172789f06886806bc55\n", File.ReadAllText(Path.Combine(model.CacheFolder, "CACHEDIR.TAG")),
            StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are inherited there.");
        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(all, File.GetUnixFileMode(model.CacheFolder));
        Assert.Equal(all, File.GetUnixFileMode(model.Entry));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void An_entry_that_others_could_change_is_made_again_and_the_folder_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are inherited there.");
        using PackedModel model = new("bert-base");
        float[] rows = model.Rows()!;
        File.SetUnixFileMode(model.Data, File.GetUnixFileMode(model.Data) | UnixFileMode.OtherWrite);
        File.SetUnixFileMode(model.CacheFolder, File.GetUnixFileMode(model.CacheFolder) | UnixFileMode.GroupWrite);
        Assert.Equal(rows, model.Rows());
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(model.Data) & UnixFileMode.OtherWrite);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(model.CacheFolder) & UnixFileMode.GroupWrite);
    }

    [Theory]
    [InlineData("")]
    [InlineData("seal.txt")]
    [InlineData("model.onnx")]
    [InlineData("model.onnx.data")]
    [UnsupportedOSPlatform("windows")]
    public void An_entry_that_others_could_change_is_not_believed_even_with_a_seal_that_fits(string open)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are inherited there.");
        using PackedModel model = new("bert-base");
        float[] rows = model.Rows()!;
        byte[] data = File.ReadAllBytes(model.Data);
        string sum = FileSum.Of(model.Data);
        data.AsSpan(data.Length / 4, data.Length / 2).Clear();
        File.WriteAllBytes(model.Data, data);
        File.WriteAllText(model.Seal, File.ReadAllText(model.Seal).Replace(sum, FileSum.Of(model.Data), StringComparison.Ordinal));
        Assert.NotEqual(rows, model.Rows());
        File.SetUnixFileMode(Path.Combine(model.Entry, open), (UnixFileMode)0b111_111_111);
        Assert.Equal(rows, model.Rows());
    }

    private static string Name(char digit) => new(digit, 32);

    private static void Age(string path, int days)
    {
        if (Directory.Exists(path)) Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-days));
        else File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-days));
    }
}
