using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

/// <summary>
/// Files of tests, such as keys and rules, are their owner's alone: a node would refuse them otherwise. Not where pods are put
/// together, whose users are others.
/// </summary>
internal static class PrivateUmask
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (!OperatingSystem.IsWindows()) Mask(Convert.ToUInt32("77", 8));
    }

    [DllImport("libc", EntryPoint = "umask")]
    private static extern uint Mask(uint mask);
}
