namespace ActorTrading.Lab.Fuzzing;

/// <summary>An input violated a property (promise) of its target.</summary>
internal sealed class FuzzFault(string promise) : Exception(promise)
{
    /// <summary>Throws when a property does not hold.</summary>
    public static void Unless(bool holds, string promise)
    {
        if (!holds) throw new FuzzFault(promise);
    }
}
