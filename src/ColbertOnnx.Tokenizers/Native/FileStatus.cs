using System.Runtime.InteropServices;
using System.Text;

namespace ColbertOnnx.Native;

/// <summary>Whose a file is and what it is. Of Unix; .NET tells neither.</summary>
internal readonly unsafe record struct FileStatus(uint Owner, uint Mode)
{
    private const int CurrentFolder = -100, NoFollow = 0x100;
    private const uint TypeOwnerMode = 0x1 | 0x2 | 0x8;

    // Larger than both structures, struct statx of Linux (256) and struct stat of macOS (144).
    private const int Size = 512;

    private static readonly nint Program = OperatingSystem.IsWindows() ? 0 : NativeLibrary.GetMainProgramHandle();
    private static readonly delegate* unmanaged<uint> UserId = (delegate* unmanaged<uint>)Find("geteuid");
    private static readonly delegate* unmanaged<int, byte*, int, uint, byte*, int> StatX =
        (delegate* unmanaged<int, byte*, int, uint, byte*, int>)(OperatingSystem.IsLinux() ? Find("statx") : 0);

    // The plain name is that of a structure with narrower numbers on x64.
    private static readonly delegate* unmanaged<byte*, byte*, int> LinkStat =
        (delegate* unmanaged<byte*, byte*, int>)(OperatingSystem.IsMacOS()
            ? Find(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "lstat$INODE64" : "lstat")
            : 0);

    private static readonly delegate* unmanaged<byte*, byte*, int> FollowingStat =
        (delegate* unmanaged<byte*, byte*, int>)(OperatingSystem.IsMacOS()
            ? Find(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "stat$INODE64" : "stat")
            : 0);

    /// <summary>The system can be asked.</summary>
    public static bool IsTold => UserId != null && (StatX != null || LinkStat != null);

    /// <summary>The user as who this process acts.</summary>
    public static uint User => UserId == null ? uint.MaxValue : UserId();

    public bool IsLink => (Mode & 0xF000) == 0xA000;

    public bool IsFile => (Mode & 0xF000) == 0x8000;

    public bool IsFolder => (Mode & 0xF000) == 0x4000;

    /// <summary>Its group, or everybody, may change it.</summary>
    public bool IsWritableByOthers => (Mode & 0x12) != 0;

    /// <summary>It is the user's, or root's.</summary>
    public bool IsTrusted => Owner == User || Owner == 0;

    /// <summary>A folder in which everybody may remove and rename only what is his own (and its owner everything).</summary>
    public bool IsSticky => (Mode & 0x200) != 0;

    /// <summary>A folder that somebody made for several users: everybody may write, or all that is made in it is its group's.</summary>
    public bool IsShared => (Mode & 0x402) != 0;

    /// <summary>By the name itself: a link is not followed. Null: there is nothing of that name, or the system does not tell.</summary>
    public static FileStatus? Of(string path) => Ask(path, NoFollow, LinkStat);

    /// <summary>Of what a link leads to. Null: there is nothing, or the system does not tell.</summary>
    public static FileStatus? Behind(string path) => Ask(path, 0, FollowingStat);

    private static FileStatus? Ask(string path, int flags, delegate* unmanaged<byte*, byte*, int> stat)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        byte* status = stackalloc byte[Size];
        fixed (byte* text = name)
        {
            if (StatX != null)
                return StatX(CurrentFolder, text, flags, TypeOwnerMode, status) == 0
                    ? new FileStatus(*(uint*)(status + 20), *(ushort*)(status + 28))
                    : null;
            return stat != null && stat(text, status) == 0 ? new FileStatus(*(uint*)(status + 16), *(ushort*)(status + 4)) : null;
        }
    }

    private static nint Find(string name) => Program != 0 && NativeLibrary.TryGetExport(Program, name, out nint address) ? address : 0;
}
