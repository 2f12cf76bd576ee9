namespace DiffusionSharp.Orleans;

/// <summary>How long is waited for what.</summary>
internal static class Timeouts
{
    /// <summary>A call of a grain. A call whose silo was killed is noticed by nothing else, so this is what a reconnection takes.</summary>
    public const string Call = "00:00:05";

    /// <summary>How long a grain waits for news before it answers that there are none.</summary>
    public static TimeSpan News => TimeSpan.FromSeconds(2);
}
