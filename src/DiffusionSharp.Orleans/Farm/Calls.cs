namespace DiffusionSharp.Orleans;

/// <summary>Calls of grains while silos come and go. All of them may be made twice.</summary>
internal static class Calls
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>Makes a call, and again after faults that pass: of the way there, and of the storage.</summary>
    /// <param name="call">The call.</param>
    /// <param name="patience">For how long it is tried again.</param>
    /// <param name="cancellationToken">Stops the trying.</param>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> call, TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (TimeSpan delay = FirstDelay; ; delay = delay < LongestDelay ? delay * 2 : LongestDelay)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (Passes(e) && TimeProvider.System.GetElapsedTime(began) < patience)
            {
                await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="RetryAsync{T}"/>
    public static Task RetryAsync(Func<Task> call, TimeSpan patience, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        patience,
        cancellationToken);

    // What the grains say themselves does not; what else comes back is of Orleans, the network or the storage.
    private static bool Passes(Exception error) => error is TimeoutException or OrleansException ||
        error is not (ArgumentException or InvalidOperationException or NotSupportedException or SubmissionRefusedException or OperationCanceledException);
}
