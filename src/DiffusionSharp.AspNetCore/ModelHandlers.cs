using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DiffusionSharp.AspNetCore;

/// <summary>Answers those who ask what models there are.</summary>
internal sealed class ModelHandlers(IDiffusionPipelineProvider models, ModelLoader loader, ErrorAnswers errors)
{
    /// <summary>The error of a model that there is not.</summary>
    public static ApiException Unknown(string name) => new(StatusCodes.Status404NotFound, $"The model '{name}' does not exist.") { Param = "model", Code = "model_not_found" };

    public Task ListAsync(HttpContext context) => errors.AnswerAsync(context, () =>
        context.Response.WriteAsJsonAsync(new ModelsAnswer([.. models.Models.Select(model => Answer(model))]), WireJson.Default.ModelsAnswer, cancellationToken: context.RequestAborted));

    public Task GetAsync(HttpContext context) => errors.AnswerAsync(context, async () =>
    {
        string name = (string)context.GetRouteValue("name")!;
        DiffusionModel model = models.Models.FirstOrDefault(known => known.Name == name) ?? throw Unknown(name);
        IDiffusionPipeline pipeline = await loader.GetAsync(name, context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(Answer(model, DetailsOf(pipeline)), WireJson.Default.ModelAnswer, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    });

    private static ModelAnswer Answer(DiffusionModel model, ModelDetails? details = null) => new()
    {
        Id = model.Name,
        Created = model.Created.ToUnixTimeSeconds(),
        OwnedBy = model.OwnedBy,
        Details = details,
    };

    private static ModelDetails DetailsOf(IDiffusionPipeline pipeline) => new(
        pipeline.Defaults.Width,
        pipeline.Defaults.Height,
        pipeline.SizeMultiple,
        pipeline.Defaults.Steps,
        pipeline.Defaults.GuidanceScale,
        pipeline.Scheduler?.ToString() ?? "",
        CallRequests.SchedulersOf(pipeline),
        pipeline.TextEncoders.Count > 0,
        pipeline.LatentEncoder is not null);
}
