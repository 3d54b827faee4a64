"""Addresses for machines, without language: is it alive, is it ready, what does it count."""

from flask import Blueprint

pages = Blueprint("machine", __name__)

from portal.machine import health, metrics, sms  # noqa: E402, F401 (each file adds its addresses to the blueprint)
