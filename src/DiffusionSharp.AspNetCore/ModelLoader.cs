using DiffusionSharp.Hosting;

namespace DiffusionSharp.AspNetCore;

/// <summary>Loads the model of a request, if no other request has.</summary>
internal sealed class ModelLoader(IDiffusionPipelineProvider models, ErrorAnswers errors)
{
    public async Task<IDiffusionPipeline> GetAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            return await models.GetAsync(model, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw errors.OfModel(exception, model);
        }
    }
}
