namespace DiffusionSharp.Conditions;

/// <summary>
/// Draws the posterior of a masked picture and gives nothing: diffusers' inpainting does so for networks that are not shown it, too, after the
/// initial noise, and stochastic schedulers would see other noise without it. Not so its RePaint, whose scheduler keeps the known part.
/// </summary>
internal sealed class MaskedPictureDraw : IConditionEncoder
{
    public IReadOnlyList<string> Provides { get; } = [];

    public void Check(GenerationRequest request)
    {
    }

    public void Encode(ConditionContext context)
    {
        if (context.Request is { Mask: not null, InitialImage: not null, Scheduler.KeepsKnownRegion: false })
        {
            context.EncodePictures(MaskedPicture.KeptPart(context.Request));
        }
    }
}
