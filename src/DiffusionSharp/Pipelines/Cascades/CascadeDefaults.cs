namespace DiffusionSharp;

/// <summary>What requests of a cascade are filled in with, where it is not the first stage's business.</summary>
/// <param name="Values">The defaults.</param>
/// <param name="SizeMultiple">What sides of pictures are multiples of.</param>
internal sealed record CascadeDefaults(GenerationDefaults Values, int SizeMultiple)
{
    /// <summary>The request with the defaults; steps that it lists, and the size of a picture to start from, are its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is no multiple.</exception>
    public GenerationRequest Fill(GenerationRequest request)
    {
        bool hasSteps = request.Timesteps is not null || request.Sigmas is not null;
        bool hasSize = request.InitialImage is not null || request.InitialLatents is not null;
        return request with
        {
            Steps = request.Steps ?? (hasSteps ? null : Values.Steps),
            GuidanceScale = request.GuidanceScale ?? (request is TextToImageRequest ? Values.GuidanceScale : null),
            Width = hasSize ? request.Width : ResolvedRequest.Multiple(nameof(request.Width), request.Width ?? Values.Width, SizeMultiple),
            Height = hasSize ? request.Height : ResolvedRequest.Multiple(nameof(request.Height), request.Height ?? Values.Height, SizeMultiple),
        };
    }
}
