namespace ActorTrading.Host.Web.Live;

/// <summary>The subscriber does not read.</summary>
internal sealed class SlowSubscriberException(string message) : Exception(message);
