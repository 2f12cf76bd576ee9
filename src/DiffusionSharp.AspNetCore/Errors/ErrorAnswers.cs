using System.Text.Json;
using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.AspNetCore;

/// <summary>Makes answers of errors. What is the caller's fault is told, what is not is logged, for its message may say more of the machine than a caller should know.</summary>
internal sealed class ErrorAnswers(ILogger logger)
{
    /// <summary>nginx's status of a client that is gone; nobody receives it, but the log has it.</summary>
    private const int ClientClosedRequest = 499;

    /// <summary>Runs what answers a request, and answers with the error where it fails.</summary>
    public async Task AnswerAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer().ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            ApiException error = Of(exception, "");
            if (error.Status == StatusCodes.Status500InternalServerError)
            {
                logger.RequestFailed(exception, context.Request.Path);
            }

            await WriteAsync(context, error).ConfigureAwait(false);
        }
    }

    /// <summary>The error of a model that could not be loaded.</summary>
    public ApiException OfModel(Exception exception, string model)
    {
        logger.ModelFailed(exception, model);
        return new ApiException(StatusCodes.Status503ServiceUnavailable, $"The model '{model}' could not be loaded; the server's log says why.")
        {
            Type = ApiException.ServerError,
            Param = "model",
            Code = "model_unavailable",
        };
    }

    /// <summary>The error of a generation that failed.</summary>
    public ApiException OfGeneration(Exception exception, string id)
    {
        ApiException error = Of(exception, id);
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            logger.GenerationFailed(exception, id);
        }

        return error;
    }

    /// <summary>Answers with an error.</summary>
    public static Task WriteAsync(HttpContext context, ApiException error)
    {
        context.Response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return context.Response.WriteAsJsonAsync(new ErrorAnswer(error.Body), WireJson.Default.ErrorAnswer, cancellationToken: context.RequestAborted);
    }

    private static ApiException Of(Exception exception, string id) => exception switch
    {
        ApiException error => error,
        GenerationRefusedException { Reason: RefusalReason.QueueFull } full => new(StatusCodes.Status429TooManyRequests, $"All places are taken and the queue is full: try again in {(int)full.RetryAfter.TotalSeconds} s.")
        {
            Type = "requests",
            Code = "rate_limit_exceeded",
            RetryAfter = full.RetryAfter,
        },
        GenerationRefusedException stopping => Stopping(stopping.RetryAfter),
        OperationCanceledException => Stopping(null),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(StatusCodes.Status413PayloadTooLarge, "The body has more bytes than are allowed.") { Code = "request_too_large" },
        BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
        JsonException json => new(StatusCodes.Status400BadRequest, $"The body is not JSON: {json.Message}") { Code = "invalid_json" },
        ArgumentException wrong => WrongRequest.Of(wrong),
        _ => new(StatusCodes.Status500InternalServerError, id.Length == 0 ? "The request failed; the server's log says why." : $"The generation {id} failed; the server's log says why.") { Type = ApiException.ServerError },
    };

    private static ApiException Stopping(TimeSpan? retryAfter) => new(StatusCodes.Status503ServiceUnavailable, "The server is stopping.")
    {
        Type = ApiException.ServerError,
        Code = "server_stopping",
        RetryAfter = retryAfter,
    };
}
