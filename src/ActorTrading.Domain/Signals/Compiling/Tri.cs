namespace ActorTrading.Domain.Signals.Compiling;

/// <summary>
/// Kleene's three truth values, ordered: <c>and</c> is the smaller of two, <c>or</c> the larger, <c>not</c> the
/// opposite. So unknown and false = false, unknown or true = true, not unknown = unknown.
/// </summary>
internal enum Tri
{
    False = -1,
    Unknown = 0,
    True = 1,
}
