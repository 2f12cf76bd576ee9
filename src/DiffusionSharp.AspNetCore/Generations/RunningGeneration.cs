using DiffusionSharp.Hosting;

namespace DiffusionSharp.AspNetCore;

/// <summary>A generation from its request to its end: it waits for its turn, draws, and tells what happens.</summary>
internal sealed class RunningGeneration
{
    private readonly ImageCall _call;
    private readonly ErrorAnswers _errors;
    private readonly CancellationTokenSource _stop;
    private readonly PreviewRhythm _previews;
    private readonly EventLog _events = new();
    private volatile string _status = "queued";
    private int _step;
    private int? _steps;
    private volatile bool _isCancelled;

    public RunningGeneration(string id, ImageCall call, ErrorAnswers errors, CancellationTokenSource stop)
    {
        (Id, _call, _errors, _stop, _previews) = (id, call, errors, stop, new PreviewRhythm(call.Previews));
    }

    public string Id { get; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Stops it when it is told to.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Its pictures; fails with what the caller is told.</summary>
    public Task<PicturesAnswer> Completion { get; private set; } = null!;

    /// <summary>Begins.</summary>
    /// <param name="entering">Its place among the generations of the device.</param>
    /// <param name="steps">The steps, not yet begun.</param>
    public void Start(Task<GenerationSlot> entering, IAsyncEnumerable<DenoisingStep> steps) => Completion = RunAsync(entering, steps);

    public void Cancel()
    {
        _isCancelled = true;
        _stop.Cancel();
    }

    /// <summary>The events from one on, those that are there and those to come.</summary>
    public IAsyncEnumerable<(int Number, ImageEvent Event)> EventsAsync(int first, CancellationToken cancellationToken) => _events.ReadAsync(first, cancellationToken);

    public StateAnswer State() => new()
    {
        Id = Id,
        Created = Created,
        Model = _call.Model,
        Status = _status,
        Step = _step,
        Steps = _steps,
        Result = Completion.IsCompletedSuccessfully ? Completion.Result : null,
        Error = (Completion.Exception?.InnerException as ApiException)?.Body,
    };

    private async Task<PicturesAnswer> RunAsync(Task<GenerationSlot> entering, IAsyncEnumerable<DenoisingStep> steps)
    {
        try
        {
            using GenerationSlot slot = await entering.ConfigureAwait(false);
            CancellationTokenRegistration hostStops = slot.CancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _stop);
            await using (hostStops.ConfigureAwait(false))
            {
                _status = "in_progress";
                PicturesAnswer answer = await DrawAsync(steps).ConfigureAwait(false);
                _status = "completed";
                return answer;
            }
        }
        catch (Exception exception)
        {
            bool isCancelled = exception is OperationCanceledException && _isCancelled;
            _status = isCancelled ? "cancelled" : "failed";
            ApiException error = isCancelled ? new ApiException(409, "The generation was cancelled.") { Code = "generation_cancelled" } : _errors.OfGeneration(exception, Id);
            _events.Add(Event("error") with { Error = error.Body });
            throw error;
        }
        finally
        {
            _events.Complete();
        }
    }

    private async Task<PicturesAnswer> DrawAsync(IAsyncEnumerable<DenoisingStep> steps)
    {
        GenerationResult? result = null;
        await foreach (DenoisingStep step in steps.ConfigureAwait(false))
        {
            (_step, _steps) = (step.Index + 1, step.Count);
            _events.Add(Event($"{_call.EventPrefix}.progress") with
            {
                Step = _step,
                Steps = _steps,
                Stage = step.StageCount > 1 ? step.Stage : null,
                Stages = step.StageCount > 1 ? step.StageCount : null,
            });
            if (_previews.IsDue(step))
            {
                await TellPreviewAsync(await step.DecodePreviewAsync().ConfigureAwait(false)).ConfigureAwait(false);
            }

            if (step.IsLast)
            {
                result = await step.DecodeResultAsync().ConfigureAwait(false);
            }
        }

        return await AnswerAsync(result!).ConfigureAwait(false);
    }

    private async Task TellPreviewAsync(IReadOnlyList<GeneratedImage> pictures)
    {
        for (int i = 0; i < pictures.Count; i++)
        {
            byte[] bytes = await _call.Format.EncodeAsync(pictures[i], _stop.Token).ConfigureAwait(false);
            _events.Add(PictureEvent("partial_image", pictures[i], bytes, i) with { PartialImageIndex = _previews.Count - 1, Step = _step, Steps = _steps });
        }
    }

    private async Task<PicturesAnswer> AnswerAsync(GenerationResult result)
    {
        IReadOnlyList<string>? warnings = result.Warnings.Count > 0 ? result.Warnings : null;
        var pictures = new PictureAnswer[result.Images.Count];
        for (int i = 0; i < pictures.Length; i++)
        {
            byte[] bytes = await _call.Format.EncodeAsync(result.Images[i], _stop.Token).ConfigureAwait(false);
            pictures[i] = new PictureAnswer(bytes, result.Images[i].Seed);
            _events.Add(PictureEvent("completed", result.Images[i], bytes, i) with { Warnings = warnings });
        }

        return new PicturesAnswer
        {
            Created = Created,
            Data = pictures,
            Size = SizeOf(result.Request),
            OutputFormat = _call.Format.Name,
            Id = Id,
            Model = _call.Model,
            Steps = _step,
            Warnings = warnings,
        };
    }

    private ImageEvent PictureEvent(string type, GeneratedImage picture, byte[] bytes, int index) => Event($"{_call.EventPrefix}.{type}") with
    {
        Bytes = bytes,
        ImageIndex = index,
        Seed = picture.Seed,
        Size = SizeOf(picture.Request),
        OutputFormat = _call.Format.Name,
        Background = "opaque",
    };

    private ImageEvent Event(string type) => new() { Type = type, Id = Id, CreatedAt = Created };

    private static string SizeOf(GenerationRequest request) => new PictureSize(request.Width!.Value, request.Height!.Value).ToString();
}
