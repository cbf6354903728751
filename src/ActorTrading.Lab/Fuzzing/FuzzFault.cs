namespace ActorTrading.Lab.Fuzzing;

/// <summary>A promise that an input broke.</summary>
internal sealed class FuzzFault(string promise) : Exception(promise)
{
    /// <summary>Throws where a promise does not hold.</summary>
    public static void Unless(bool holds, string promise)
    {
        if (!holds) throw new FuzzFault(promise);
    }
}
