using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>The pictures that guide a case besides its prompt, as parts of a request.</summary>
internal static class CaseGuides
{
    public static IEnumerable<IRequestPart> Of(Case reference)
    {
        if (reference.Has("control_image"))
        {
            yield return Control(reference);
        }

        if (reference.Has("ip_adapter_scale"))
        {
            string[] pictures = [.. ((string[])["image", "image2"]).Where(reference.Has)];
            yield return new ImagePrompts([.. pictures.Select(key => Load(reference, key))]) { Scale = reference.Number("ip_adapter_scale")!.Value };
        }
    }

    private static ControlPictures Control(Case reference)
    {
        var standard = new ControlPicture(Load(reference, "control_image"));
        return new ControlPictures(standard with
        {
            Weight = reference.Number("controlnet_conditioning_scale") ?? standard.Weight,
            Start = reference.Number("control_guidance_start") ?? standard.Start,
            End = reference.Number("control_guidance_end") ?? standard.End,
        })
        {
            GuessMode = reference.Has("guess_mode") && reference.Request.GetProperty("guess_mode").GetBoolean(),
        };
    }

    private static Tensor<float> Load(Case reference, string key) => ImageTensors.Load(reference.FileAt(reference.Text(key)!), ImageFit.ToMultipleOf(1));
}
