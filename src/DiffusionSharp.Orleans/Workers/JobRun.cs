using System.Text.Json;
using DiffusionSharp.Hosting;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Orleans;

/// <summary>One attempt at a job, from the queue back to it.</summary>
internal sealed class JobRun(string job, string silo, GenerationSlot slot, IJobWork work, IQueueWork queue, IBlobStore blobs, SharedPipelines shared, FarmOptions options, ILogger logger)
{
    private readonly Guid _run = Guid.NewGuid();
    private Assignment _assignment = new();
    private string? _knownFront;

    /// <param name="lost">The job is somebody else's.</param>
    /// <param name="stops">The silo stops: save, and leave the job to others.</param>
    public async Task RunAsync(CancellationToken lost, CancellationToken stops)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(lost, slot.CancellationToken);
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(stops, slot.Stopping);
        try
        {
            if (await CallAsync(() => work.BeginAsync(silo, _run), lost).ConfigureAwait(false) is not { } assignment)
            {
                await CallAsync(() => queue.RemoveAsync(job), CancellationToken.None).ConfigureAwait(false);
                return;
            }

            _assignment = assignment;
            _knownFront = assignment.Checkpoint?.FrontHash;
            await TryAsync(ends, leaves.Token, lost).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested || ends.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // The lease runs out, and another begins where the job was saved.
            logger.CannotTell(job, e);
        }
    }

    private async Task TryAsync(CancellationTokenSource ends, CancellationToken leaves, CancellationToken lost)
    {
        IAsyncEnumerable<DenoisingStep> steps;
        try
        {
            steps = Start(ends.Token);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or CheckpointException or InvalidOperationException)
        {
            // What is refused before it begins is so everywhere, unless it is a matter of what was saved with another model.
            await FailAsync(e, isFinal: e is not (CheckpointException or ObjectDisposedException), lost).ConfigureAwait(false);
            return;
        }

        try
        {
            // What is told to the queue makes the lease end, which must not stop the telling.
            if (await FollowAsync(steps, ends, leaves).ConfigureAwait(false))
            {
                await CallAsync(() => queue.RemoveAsync(job), CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await CallAsync(() => work.ReleaseAsync(_assignment.Attempt), lost).ConfigureAwait(false);
                await CallAsync(() => queue.ReturnAsync(job, silo, isFirst: true), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!lost.IsCancellationRequested && !ends.IsCancellationRequested)
        {
            await FailAsync(e, isFinal: false, lost).ConfigureAwait(false);
        }
    }

    private IAsyncEnumerable<DenoisingStep> Start(CancellationToken ends)
    {
        GenerationOrder order = _assignment.Order;
        IDiffusionPipeline pipeline = order.SharesModelCalls ? shared.Beside(slot.Pipeline) : slot.Pipeline;
        if (_assignment.Checkpoint is { } checkpoint)
        {
            return pipeline.ResumeAsync(checkpoint.Open(), options.RequestJson, ends);
        }

        GenerationRequest request = options.RequestJson.Deserialize(order.Request);
        if (!request.Decodes || pipeline.LatentDecoder is null)
        {
            throw new InvalidOperationException("The job would make no picture: its request does not decode, or the pipeline has no decoder.");
        }

        return pipeline.StreamAsync(request.Seed is null && request.Seeds is null ? request with { Seed = JobName.Seed(job) } : request, ends);
    }

    /// <returns>Whether the job is done; if not, it is saved where the silo had to leave it.</returns>
    private async Task<bool> FollowAsync(IAsyncEnumerable<DenoisingStep> steps, CancellationTokenSource ends, CancellationToken leaves)
    {
        GenerationOrder order = _assignment.Order;
        var reports = new ProgressReports(report => work.ReportAsync(_assignment.Attempt, report.Step, report.Count, report.Previews), ends.Cancel);
        var count = new StepCount(_assignment.Checkpoint?.StepsBefore ?? 0);
        await foreach (DenoisingStep step in steps.ConfigureAwait(false))
        {
            int done = count.Done(step);
            if (step.IsLast)
            {
                reports.Close();
                GenerationResult result = await step.DecodeResultAsync().ConfigureAwait(false);
                await CompleteAsync(result, done, ends.Token).ConfigureAwait(false);
                return true;
            }

            bool isPreviewed = order.PreviewEvery > 0 && done % order.PreviewEvery == 0;
            reports.Post(new ProgressReport(done, count.Before + step.Count, isPreviewed ? Encode(await step.DecodePreviewAsync().ConfigureAwait(false)) : []));
            if (leaves.IsCancellationRequested || done % order.CheckpointEvery == 0)
            {
                await SaveAsync(step, count.Before, ends.Token).ConfigureAwait(false);
            }

            if (leaves.IsCancellationRequested)
            {
                return false;
            }
        }

        throw new InvalidOperationException("The generation ended without its last step.");
    }

    private async Task SaveAsync(DenoisingStep step, int before, CancellationToken ends)
    {
        var checkpoint = StepCheckpoint.Of(stream => step.SaveCheckpoint(stream, options.RequestJson), step, before, _knownFront);
        RequireOurs(await CallAsync(() => work.CheckpointAsync(_assignment.Attempt, checkpoint), ends).ConfigureAwait(false));
        _knownFront = checkpoint.FrontHash;
    }

    private async Task CompleteAsync(GenerationResult result, int step, CancellationToken ends)
    {
        // Under the attempt's own name, so that nobody overwrites what another has told.
        byte[][] pictures = Encode(result.Images);
        string[] names = [.. pictures.Select((_, i) => $"{job}/{_assignment.Attempt}-{i}.png")];
        for (int i = 0; i < names.Length; i++)
        {
            await blobs.WriteAsync(names[i], pictures[i], ends).ConfigureAwait(false);
        }

        if (!await CallAsync(() => work.CompleteAsync(_assignment.Attempt, step, names), ends).ConfigureAwait(false))
        {
            await blobs.DeleteAsync($"{job}/{_assignment.Attempt}-", ends).ConfigureAwait(false);
            RequireOurs(false);
        }
    }

    private async Task FailAsync(Exception error, bool isFinal, CancellationToken lost)
    {
        logger.Failed(job, _assignment.Attempt, error);
        if (await CallAsync(() => work.FailAsync(_assignment.Attempt, $"{error.GetType().Name}: {error.Message}", isFinal), lost).ConfigureAwait(false))
        {
            await CallAsync(() => queue.RemoveAsync(job), CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            await CallAsync(() => queue.ReturnAsync(job, silo, isFirst: false), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static byte[][] Encode(IReadOnlyList<GeneratedImage> images)
    {
        var files = new byte[images.Count][];
        for (int i = 0; i < files.Length; i++)
        {
            using var stream = new MemoryStream();
            images[i].SaveAsPng(stream);
            files[i] = stream.ToArray();
        }

        return files;
    }

    // A call that fails for longer than the lease lasts is of a job that another has by now.
    private Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) => Calls.RetryAsync(call, options.LeaseDuration, cancellationToken);

    private Task CallAsync(Func<Task> call, CancellationToken cancellationToken) => Calls.RetryAsync(call, options.LeaseDuration, cancellationToken);

    private static void RequireOurs(bool isOurs)
    {
        if (!isOurs)
        {
            throw new OperationCanceledException("The job is another's.");
        }
    }
}
