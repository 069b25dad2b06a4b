using System.Management.Automation.Runspaces;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// Which runspaces have the module; its script calls this. The models are the process's: when the last runspace removes the module they are
/// closed, and their memory is free; as long as another one has it they stay.
/// </summary>
public static class ModuleUse
{
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<Runspace>> Users = [];

    /// <summary>The module was imported into the current runspace.</summary>
    public static void Add()
    {
        if (Runspace.DefaultRunspace is not { } current) return;
        lock (Gate)
        {
            Forget(current);
            Users.Add(new WeakReference<Runspace>(current));
        }
    }

    /// <summary>The module was removed from the current runspace.</summary>
    public static void Remove()
    {
        lock (Gate)
        {
            Forget(Runspace.DefaultRunspace);
            if (Users.Count > 0) return;
        }

        foreach (ColbertModel model in OpenModels.All) OpenModels.Remove(model);
    }

    /// <summary>Takes out a runspace, and those that were closed without removing the module.</summary>
    private static void Forget(Runspace? current) => Users.RemoveAll(user =>
        !user.TryGetTarget(out Runspace? runspace) || ReferenceEquals(runspace, current)
            || runspace.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Closing or RunspaceState.Broken);
}
