using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace ColbertOnnx.IO;

/// <summary>Whose a file or folder is on Windows.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsOwner
{
    /// <summary>It is the user's own; what an elevated process makes may belong to its administrators.</summary>
    public static bool IsUser(string path)
    {
        using WindowsIdentity user = WindowsIdentity.GetCurrent();
        return Of(path) is { } owner && (owner == user.User || owner == user.Owner);
    }

    /// <summary>It is the administrators' or the system's.</summary>
    public static bool IsAdministrator(string path) =>
        Of(path) is { } owner
            && (owner.IsWellKnown(WellKnownSidType.BuiltinAdministratorsSid) || owner.IsWellKnown(WellKnownSidType.LocalSystemSid));

    private static SecurityIdentifier? Of(string path)
    {
        FileSystemSecurity security = Directory.Exists(path)
            ? new DirectorySecurity(path, AccessControlSections.Owner)
            : new FileSecurity(path, AccessControlSections.Owner);
        return security.GetOwner(typeof(SecurityIdentifier)) as SecurityIdentifier;
    }
}
