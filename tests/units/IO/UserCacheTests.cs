using System.Runtime.Versioning;
using ColbertOnnx.IO;
using ColbertOnnx.Runtime;
using ColbertOnnx.Tests.Runtime;

namespace ColbertOnnx.Tests.IO;

public sealed class UserCacheTests
{
    [Theory]
    [InlineData("/somewhere", "/somewhere")]
    [InlineData("off", "/home/me/.cache/colbert-onnx")]
    [InlineData("OFF", "/home/me/.cache/colbert-onnx")]
    [InlineData("", "/home/me/.cache/colbert-onnx")]
    [InlineData(null, "/home/me/.cache/colbert-onnx")]
    public void The_variable_names_the_folder_unless_it_only_switches_weights_off(string? value, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The paths are Linux's.");
        Assert.Equal(expected, UserCache.Find(name => name == UserCache.Variable ? value : null, () => "/home/me"));
    }

    [Fact]
    public void Linux_has_a_variable_of_its_own_for_caches()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The paths are Linux's.");
        Assert.Equal("/caches/colbert-onnx", UserCache.Find(name => name == "XDG_CACHE_HOME" ? "/caches" : null, () => "/home/me"));
    }

    [Fact]
    public void A_variable_of_the_system_that_is_no_full_path_is_passed_over()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The paths are Linux's.");
        Assert.Equal("/home/me/.cache/colbert-onnx", UserCache.Find(name => name == "XDG_CACHE_HOME" ? "caches" : null, () => "/home/me"));
    }

    [Fact]
    public void Our_variable_that_is_no_full_path_is_an_error()
    {
        var error =
            Assert.Throws<ColbertException>(() => UserCache.Find(name => name == UserCache.Variable ? "caches" : null, () => "/home/me"));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("COLBERT_CACHE is 'caches'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_home_there_is_no_folder()
    {
        Assert.Null(UserCache.Find(_ => null, () => null));
        using PackedModel model = new("embedded");
        using SharedSession session = SharedSession.Open(model.Graph, null, WeightsCache.Of(null, null), 2);
        Assert.StartsWith(
            "There is no home folder, so that no packed weights are kept.", Assert.Single(session.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("home")]
    [InlineData("/nonexistent")]
    [UnsupportedOSPlatform("windows")]
    public void A_home_that_is_no_folder_is_replaced_by_one_of_the_user_s_alone(string home)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There HOME is not asked for.");
        using TemporaryFolder temporary = new();
        string folder = UserHome.Find(home, temporary.Path)!;
        Assert.Equal(temporary.Path, Path.GetDirectoryName(folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(folder, UserHome.Find(home, temporary.Path));
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherWrite);
        Assert.Null(UserHome.Find(home, temporary.Path));
        Directory.Delete(folder);
        Directory.CreateSymbolicLink(folder, temporary.Path);
        Assert.Null(UserHome.Find(home, temporary.Path));
    }

    [Fact]
    public void A_home_that_is_a_folder_is_taken()
    {
        using TemporaryFolder home = new();
        Assert.Equal(home.Path, UserHome.Find(home.Path, "/nonexistent"));
    }
}
