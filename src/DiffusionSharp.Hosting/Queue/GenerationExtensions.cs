namespace DiffusionSharp.Hosting;

/// <summary>Generations that wait for their turn.</summary>
public static class GenerationExtensions
{
    /// <summary>
    /// Waits for a turn, generates, and ends the turn. With a checkpoint's path the generation survives a restart: when the application begins to stop it is
    /// saved there after the step that it is in; asked for again, it goes on from there to the same picture, and the file is deleted at the end.
    /// </summary>
    /// <param name="pipelines">The pipelines.</param>
    /// <param name="model">The name of one.</param>
    /// <param name="request">What to generate. Where there is a checkpoint, what was asked for when it was saved.</param>
    /// <param name="progress">Told after each step; may be null.</param>
    /// <param name="checkpointPath">A file for this generation alone. Null, the default, for one that runs to its end as long as the application waits for it.</param>
    /// <param name="cancellationToken">Leaves the queue, or stops the generation.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="GenerationRefusedException">The queue is full, or the application is stopping.</exception>
    /// <exception cref="GenerationInterruptedException">The application is stopping, and the generation is saved.</exception>
    /// <exception cref="CheckpointException">The file is no checkpoint of a generation with this model.</exception>
    /// <exception cref="KeyNotFoundException">There is no pipeline of that name.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the application has ended.</exception>
    /// <exception cref="ArgumentException">The request is wrong; the message names the property and what it may be.</exception>
    public static async Task<GenerationResult> GenerateAsync(this IDiffusionPipelineProvider pipelines, string model, GenerationRequest request, IProgress<GenerationProgress>? progress = null, string? checkpointPath = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipelines);
        ArgumentNullException.ThrowIfNull(request);
        using GenerationSlot slot = await pipelines.EnterAsync(model, cancellationToken).ConfigureAwait(false);
        return checkpointPath is null
            ? await slot.Pipeline.GenerateAsync(request, progress, slot.CancellationToken).ConfigureAwait(false)
            : await GenerateAsync(slot, request, progress, checkpointPath).ConfigureAwait(false);
    }

    private static async Task<GenerationResult> GenerateAsync(GenerationSlot slot, GenerationRequest request, IProgress<GenerationProgress>? progress, string path)
    {
        await foreach (DenoisingStep step in Steps(slot, request, path).ConfigureAwait(false))
        {
            if (step.Index >= 0)
            {
                progress?.Report(new GenerationProgress(step.Index + 1, step.Count, step.Timestep) { Stage = step.Stage, StageCount = step.StageCount });
            }

            if (step.IsLast)
            {
                GenerationResult result = await step.DecodeResultAsync().ConfigureAwait(false);
                File.Delete(path);
                return result;
            }

            if (slot.Stopping.IsCancellationRequested)
            {
                Save(step, path);
                throw new GenerationInterruptedException(path, slot.Stopping);
            }
        }

        throw new InvalidOperationException("The generation ended without its last step.");
    }

    private static IAsyncEnumerable<DenoisingStep> Steps(GenerationSlot slot, GenerationRequest request, string path)
    {
        if (!File.Exists(path))
        {
            return slot.Pipeline.StreamAsync(request, slot.CancellationToken);
        }

        using FileStream saved = File.OpenRead(path);
        return slot.Pipeline.ResumeAsync(saved, null, slot.CancellationToken);
    }

    // Moved into place as a whole: a process that dies meanwhile leaves the former checkpoint, or none.
    private static void Save(DenoisingStep step, string path)
    {
        string unfinished = $"{path}.unfinished";
        using (FileStream file = File.Create(unfinished))
        {
            step.SaveCheckpoint(file);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
