using System.Buffers.Binary;
using System.Reflection.PortableExecutable;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>
/// ONNX Runtime's libraries for the platforms that this machine cannot run: that each is what its folder says, by the head of the file.
/// </summary>
public sealed class NativeHeaderTests
{
    [Theory]
    [InlineData("linux-x64", 0x3E)]
    [InlineData("linux-arm64", 0xB7)]
    public void A_library_for_Linux_is_of_its_CPU(string platform, ushort machine)
    {
        byte[] head = Head(platform, "libonnxruntime.so");
        Assert.Equal([0x7F, (byte)'E', (byte)'L', (byte)'F', 2], head[..5]);
        Assert.Equal(machine, BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18)));
    }

    [Theory]
    [InlineData("win-x64", Machine.Amd64)]
    [InlineData("win-arm64", Machine.Arm64)]
    public void A_library_for_Windows_is_of_its_CPU(string platform, Machine machine)
    {
        using FileStream file = File.OpenRead(NativePackage.Library(platform, "onnxruntime.dll"));
        Assert.Equal(machine, new PEHeaders(file).CoffHeader.Machine);
    }

    /// <summary>
    /// macOS ends a process that loads ARM code without a signature, and says of what it was built for no more than that it cannot be
    /// loaded.
    /// </summary>
    [Fact]
    public void The_library_for_macOS_is_of_ARM_is_signed_and_needs_the_release_that_the_page_names()
    {
        byte[] head = Head("osx-arm64", "libonnxruntime.dylib");
        Assert.Equal((0xFEEDFACF, 0x0100000CU), (Word(head, 0), Word(head, 4)));
        var commands = new Dictionary<uint, int>();
        for (int i = 0, at = 32; i < Word(head, 16); i++, at += (int)Word(head, at + 4)) commands.TryAdd(Word(head, at), at);
        Assert.True(commands.TryGetValue(0x1D, out int signature), "no LC_CODE_SIGNATURE");
        Assert.True(Word(head, signature + 12) > 1000, "an empty signature");
        uint release = Word(head, commands[0x32] + 12); // LC_BUILD_VERSION: platform, then the least release as 16.8.8 bits
        Assert.Contains(
            $"macOS {release >> 16} or later", File.ReadAllText(Path.Combine(TestData.Repository, "docs", "platforms.md")),
            StringComparison.Ordinal);
    }

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static byte[] Head(string platform, string name)
    {
        byte[] head = new byte[32768];
        using FileStream file = File.OpenRead(NativePackage.Library(platform, name));
        file.ReadExactly(head);
        return head;
    }
}
