using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Runtime;

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
        Assert.Equal(expected, UserCache.Find(name => name == UserCache.Variable ? value : null, "/home/me"));
    }

    [Fact]
    public void Linux_has_a_variable_of_its_own_for_caches()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The paths are Linux's.");
        Assert.Equal("/caches/colbert-onnx", UserCache.Find(name => name == "XDG_CACHE_HOME" ? "/caches" : null, "/home/me"));
    }
}
