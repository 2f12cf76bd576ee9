using DiffusionSharp.ImageSharp;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DiffusionSharp.Studio;

/// <summary>What a picture says of how it was made, this program's or another's.</summary>
internal static class PictureParameters
{
    public static async Task<Results<Ok<GenerationParameters>, NoContent, BadRequest<string>>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await GenerationParameters.ReadAsync(request.Body, cancellationToken: cancellationToken) is { } parameters ? TypedResults.Ok(parameters) : TypedResults.NoContent();
        }
        catch (InvalidDataException e)
        {
            return TypedResults.BadRequest(e.Message);
        }
    }
}
