using System.Management.Automation;

namespace ColbertOnnx.PowerShell.Binding;

internal static class Wrapped
{
    /// <summary>What an argument of type object is without the shell of properties that PowerShell may have put around it.</summary>
    public static object? Bare(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
