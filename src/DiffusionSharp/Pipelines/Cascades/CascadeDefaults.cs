namespace DiffusionSharp;

/// <summary>What a cascade says of its requests in place of its first pipeline.</summary>
/// <param name="Values">What they are filled in with; null for nothing.</param>
/// <param name="SizeMultiple">What their sides are multiples of, where their size is not the first stage's; null where it is.</param>
internal sealed record CascadeDefaults(GenerationDefaults? Values, int? SizeMultiple)
{
    /// <summary>The request with the defaults; steps that it lists, and the size of what it starts from, are its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is no multiple.</exception>
    /// <exception cref="InvalidOperationException">It starts from a picture, whose size would be the first stage's.</exception>
    public GenerationRequest Fill(GenerationRequest request)
    {
        if (SizeMultiple is not null && request.InitialImage is not null)
        {
            throw new InvalidOperationException($"The pictures of this cascade are of another size than its first stage's, so it starts from none: leave {nameof(request.InitialImage)} out.");
        }

        bool hasSteps = request.Timesteps is not null || request.Sigmas is not null;
        bool hasSize = request.InitialImage is not null || request.InitialLatents is not null;
        return request with
        {
            Steps = request.Steps ?? (hasSteps ? null : Values?.Steps),
            GuidanceScale = request.GuidanceScale ?? (request is TextToImageRequest ? Values?.GuidanceScale : null),
            Width = Side(nameof(request.Width), request.Width ?? (hasSize ? null : Values?.Width)),
            Height = Side(nameof(request.Height), request.Height ?? (hasSize ? null : Values?.Height)),
        };
    }

    private int? Side(string name, int? side) => side is { } pixels && SizeMultiple is { } multiple ? ResolvedRequest.Multiple(name, pixels, multiple) : side;
}
