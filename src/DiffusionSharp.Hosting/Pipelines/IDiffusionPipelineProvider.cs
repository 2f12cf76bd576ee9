namespace DiffusionSharp.Hosting;

/// <summary>
/// The pipelines of an application, cascades among them, by name, each loaded when it is first asked for, and a bound on how many generations run on a device at a time.
/// It owns the pipelines: nobody else disposes them.
/// </summary>
public interface IDiffusionPipelineProvider
{
    /// <summary>The pipelines in the order in which they were added. The first is the one that is meant where nobody says which.</summary>
    IReadOnlyList<DiffusionModel> Models { get; }

    /// <summary>A pipeline, or a cascade, loaded: it generates at once and asks for no turn. All who ask meanwhile share the loading; after a failure the next who asks begins anew.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="cancellationToken">Stops waiting; the loading goes on for others.</param>
    /// <returns>The pipeline.</returns>
    /// <exception cref="KeyNotFoundException">There is no pipeline of that name; the message names those that there are.</exception>
    /// <exception cref="ModelFormatException">The model folder is missing, incomplete or damaged.</exception>
    /// <exception cref="NotSupportedException">The device is not available, or the model does not take the sampler that the options name.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The application has ended.</exception>
    Task<IDiffusionPipeline> GetAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>How far a pipeline is. Loads nothing.</summary>
    /// <param name="model">Its name.</param>
    /// <returns>Its state.</returns>
    /// <exception cref="KeyNotFoundException">There is no pipeline of that name.</exception>
    PipelineStatus GetStatus(string model);

    /// <summary>Waits for a turn on the device of a model, first come, first served, and then for its pipeline.</summary>
    /// <param name="model">The name of the pipeline.</param>
    /// <param name="cancellationToken">Leaves the queue; later, stops the generation (<see cref="GenerationSlot.CancellationToken"/>).</param>
    /// <returns>The turn; dispose it when the generation has ended.</returns>
    /// <exception cref="GenerationRefusedException">The queue is full, or the application is stopping.</exception>
    /// <inheritdoc cref="GetAsync"/>
    Task<GenerationSlot> EnterAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="EnterAsync"/>, but does not wait for a turn.</summary>
    /// <param name="model">The name of the pipeline.</param>
    /// <param name="cancellationToken">Stops waiting for the pipeline; later, stops the generation.</param>
    /// <returns>The turn, or null where none is free now.</returns>
    /// <inheritdoc cref="EnterAsync"/>
    Task<GenerationSlot?> TryEnterAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>How busy the device of a model is.</summary>
    /// <param name="model">The name of the pipeline.</param>
    /// <returns>Who runs and who waits there, of all pipelines of the device.</returns>
    /// <exception cref="KeyNotFoundException">There is no pipeline of that name.</exception>
    DeviceLoad GetLoad(string model);
}
